import { timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import {
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  type Namespace,
  type OPCUAServerEndPoint,
  type UAObject,
} from 'node-opcua';

const host = '127.0.0.1';
/** Clients at once: the edge, a second one, and a few people looking. */
const maxSessions = 40;
const shutdownMs = 500;

export interface OpcUaHostOptions {
  readonly name: string;
  readonly namespaceUri: string;
  readonly port: number;
  readonly pkiDirectory: string;
  readonly nodesets: readonly string[];
  readonly user: { readonly name: string; readonly password: string };
  readonly anonymous: boolean;
  readonly strictTrust: boolean;
  /** Called each time a client has made a subscription. */
  readonly onSubscribed: () => void;
}

function samePassword(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** One OPC UA server of the simulation: sockets, PKI folder, sessions. Build the model before `listen`. */
export class OpcUaHost {
  #server: OPCUAServer;
  #certificates: OPCUACertificateManager;
  #refusing = false;
  #started = false;

  private constructor(server: OPCUAServer, certificates: OPCUACertificateManager) {
    this.#server = server;
    this.#certificates = certificates;
  }

  /** Makes the server, its certificate on first use, and its address space. Nothing listens yet. */
  static async create(options: OpcUaHostOptions): Promise<OpcUaHost> {
    const certificates = new OPCUACertificateManager({
      rootFolder: join(options.pkiDirectory, options.name),
      automaticallyAcceptUnknownCertificate: !options.strictTrust,
    });
    await certificates.initialize();
    const server = new OPCUAServer({
      port: options.port,
      host,
      hostname: host,
      serverCertificateManager: certificates,
      userCertificateManager: certificates,
      nodeset_filename: [...options.nodesets],
      serverInfo: {
        applicationUri: options.namespaceUri,
        productUri: 'urn:trame:simulators',
        applicationName: { text: `Trame ${options.name} (simulated)` },
      },
      securityPolicies: [SecurityPolicy.None, SecurityPolicy.Basic256Sha256],
      securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
      allowAnonymous: options.anonymous,
      userManager: {
        isValidUser: (name: string, password: string) =>
          name === options.user.name && samePassword(password, options.user.password),
      },
      maxConnectionsPerEndpoint: maxSessions,
      serverCapabilities: {
        maxSessions,
        maxMonitoredItems: 100_000,
        maxMonitoredItemsPerSubscription: 50_000,
        minSupportedSampleRate: 0,
        operationLimits: { maxMonitoredItemsPerCall: 5_000, maxNodesPerRead: 5_000 },
      },
    });
    server.on('create_session', (session) => session.on('new_subscription', options.onSubscribed));
    await server.initialize();
    return new OpcUaHost(server, certificates);
  }

  get namespace(): Namespace {
    const { addressSpace } = this.#server.engine;
    if (addressSpace === null) throw new Error('opcua: no address space before initialize');
    return addressSpace.getOwnNamespace();
  }

  /** The Objects folder. */
  get objects(): UAObject {
    return this.namespace.addressSpace.rootFolder.objects;
  }

  get port(): number {
    return this.#endpoint().port;
  }

  #endpoint(): OPCUAServerEndPoint {
    const endpoint = this.#server.endpoints[0];
    if (endpoint === undefined) throw new Error('opcua: the server has no endpoint');
    return endpoint;
  }

  /** Listens. Rejects with the system's error when the port is taken. */
  async listen(): Promise<void> {
    await this.#server.start();
    this.#started = true;
  }

  /** Closes the listener and every connection, or opens it again on the same port. */
  async refuse(refusing: boolean): Promise<void> {
    if (refusing === this.#refusing) return;
    this.#refusing = refusing;
    const endpoint = this.#endpoint();
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error): void =>
        error === undefined || error === null ? resolve() : reject(error);
      if (!refusing) {
        endpoint.restoreConnection(done);
        return;
      }
      endpoint.suspendConnection(done);
      endpoint.abruptlyInterruptChannels();
    });
  }

  async close(): Promise<void> {
    if (this.#started) await this.#server.shutdown(shutdownMs);
    this.#server.dispose();
    await this.#certificates.dispose();
  }
}
