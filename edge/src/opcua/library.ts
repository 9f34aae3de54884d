/**
 * The OPC UA library, loaded only when a line has an OPC UA device: it takes about 90 MB and most of a second.
 * Its client packages alone are 18 MB lighter than the whole of `node-opcua`, which brings a server along.
 */
import type * as CertificatePackage from 'node-opcua-certificate-manager';
import type * as ClientPackage from 'node-opcua-client';
import type {
  ClientSession,
  ClientSessionPublishService,
  ClientSessionRawSubscriptionService,
} from 'node-opcua-client';
import type * as CommonPackage from 'node-opcua-common';
import type * as TransportPackage from 'node-opcua-transport';
import type { Log } from '../ports/log.ts';

export interface OpcuaLibrary {
  readonly client: typeof ClientPackage;
  readonly certificates: typeof CertificatePackage;
  readonly common: typeof CommonPackage;
  readonly transport: typeof TransportPackage;
}

/**
 * A session with its plain services. Subscriptions are made with these and not with the library's own class:
 * that one repairs itself after a break, and may then be silently dead.
 */
export type OpcuaSession = ClientSession & ClientSessionRawSubscriptionService & ClientSessionPublishService;

const LOGGED_CHARACTERS_MAX = 500;

/** The library writes to the console, coloured and at length: what matters we say ourselves, the rest is detail. */
export async function loadOpcuaLibrary(log: Log): Promise<OpcuaLibrary> {
  const [client, certificates, common, transport] = await Promise.all([
    import('node-opcua-client'),
    import('node-opcua-certificate-manager'),
    import('node-opcua-common'),
    import('node-opcua-transport'),
  ]);
  const toDebug = (_context: unknown, ...words: unknown[]): void => {
    const said = words.map(String).join(' ').slice(0, LOGGED_CHARACTERS_MAX);
    log.debug({ library: 'node-opcua', said }, 'the OPC UA library said something');
  };
  client.setDebugLogger(toDebug);
  client.setWarningLogger(toDebug);
  client.setErrorLogger(toDebug);
  return { client, certificates, common, transport };
}
