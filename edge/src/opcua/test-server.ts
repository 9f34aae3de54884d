/**
 * A real OPC UA server for tests: in this process when a test sets its values, or on its own as a program
 * (`node test-server.ts '<json of TestServerSettings>'`) when a test kills or freezes it.
 */
import {
  AccessLevelFlag,
  DataType,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAServer,
  SecurityPolicy,
  StatusCodes,
  Variant,
  VariantArrayType,
  type CallMethodResultOptions,
  type Namespace,
  type StatusCode,
  type Subscription,
  type UAObject,
  type UAVariable,
  type VariantOptions,
} from 'node-opcua';
import { TEST_NAMESPACE } from './test-device.ts';
import { addRing, type VariableServer } from './test-ring.ts';

export interface TestServerSettings {
  readonly port: number;
  /** Folder for the server's own keys. */
  readonly pki: string;
  readonly security?: 'None' | 'Secured' | 'Both';
  /** Whether unknown clients are let in on secured endpoints. */
  readonly acceptClients?: boolean;
  readonly user?: { readonly name: string; readonly password: string };
  readonly maxSessions?: number;
  readonly maxItemsPerCall?: number;
  readonly maxNodesPerRead?: number;
  readonly fastestSamplingMs?: number;
  /** Makes `Ticker` count by itself. */
  readonly tickMs?: number;
  /** Makes a ring of spectra grow by itself, from results up to `seq` on. */
  readonly ring?: { readonly size: number; readonly seq: number; readonly everyMs: number };
}

const WRITABLE = AccessLevelFlag.CurrentRead | AccessLevelFlag.CurrentWrite;

export interface TestServer {
  readonly url: string;
  readonly server: OPCUAServer;
  add(name: string, dataType: DataType | string, initial: VariantOptions): UAVariable;
  set(name: string, value: VariantOptions, status?: StatusCode, at?: Date): void;
  remove(name: string): void;
  /** Somebody may write it. */
  addWritable(name: string, dataType: DataType | string, initial: VariantOptions): UAVariable;
  /** A method of the object `s=Machine`, as `s=Machine.<name>`. */
  addMethod(
    name: string,
    inputs: readonly { readonly name: string; readonly dataType: DataType; readonly valueRank?: number }[],
    work: (inputs: readonly Variant[]) => CallMethodResultOptions,
  ): void;
  subscriptions(): Subscription[];
  /** Ends every subscription behind the clients' backs. */
  forgetSubscriptions(): number;
  stop(): Promise<void>;
}

export async function startTestServer(settings: TestServerSettings): Promise<TestServer> {
  const serverCertificateManager = new OPCUACertificateManager({
    rootFolder: settings.pki,
    automaticallyAcceptUnknownCertificate: settings.acceptClients ?? true,
    disableFileWatchers: true,
  });
  await serverCertificateManager.initialize();
  const server = new OPCUAServer({
    port: settings.port,
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    serverCertificateManager,
    userCertificateManager: serverCertificateManager,
    allowAnonymous: settings.user === undefined,
    ...(settings.user === undefined ? {} : { userManager: onlyUser(settings.user) }),
    ...securityOf(settings.security ?? 'None'),
    serverCapabilities: {
      maxSessions: settings.maxSessions ?? 20,
      operationLimits: {
        maxMonitoredItemsPerCall: settings.maxItemsPerCall ?? 1000,
        maxNodesPerRead: settings.maxNodesPerRead ?? 1000,
      },
    },
  });
  await server.initialize();
  const addressSpace = server.engine.addressSpace;
  if (addressSpace === null) throw new Error('the server has no address space');
  const namespace = addressSpace.registerNamespace(TEST_NAMESPACE);
  const folder = namespace.addFolder(addressSpace.rootFolder.objects, { browseName: 'Test' });
  const variables = new Map<string, UAVariable>();

  const add: TestServer['add'] = (name, dataType, initial) => {
    const variable = namespace.addVariable({
      componentOf: folder,
      browseName: name,
      nodeId: `s=${name}`,
      dataType,
      ...(initial.arrayType === VariantArrayType.Array ? { valueRank: 1 } : {}),
      accessLevel: AccessLevelFlag.CurrentRead,
      ...(settings.fastestSamplingMs === undefined
        ? {}
        : { minimumSamplingInterval: settings.fastestSamplingMs }),
    });
    variable.setValueFromSource(new Variant(initial));
    variables.set(name, variable);
    return variable;
  };
  const addWritable: TestServer['addWritable'] = (name, dataType, initial) => {
    const variable = add(name, dataType, initial);
    variable.accessLevel = WRITABLE;
    variable.userAccessLevel = WRITABLE;
    return variable;
  };
  const machine = namespace.addObject({ componentOf: folder, browseName: 'Machine', nodeId: 's=Machine' });
  const set: TestServer['set'] = (name, value, status = StatusCodes.Good, at = new Date()) => {
    const variable = variables.get(name);
    if (variable === undefined) throw new Error(`no variable ${name}`);
    variable.setValueFromSource(new Variant(value), status, at);
  };
  const laying = startRing(settings.ring, { add, set });
  const ticking = startTicker(settings.tickMs, add, addWritable, set);
  await server.start();
  return {
    url: `opc.tcp://127.0.0.1:${settings.port}`,
    server,
    add,
    addWritable,
    addMethod: methodsOf(namespace, machine),
    set,
    remove(name) {
      const variable = variables.get(name);
      if (variable !== undefined) namespace.deleteNode(variable);
      variables.delete(name);
    },
    subscriptions: () =>
      server.engine.getSessions().flatMap(({ publishEngine }) => publishEngine.subscriptions),
    forgetSubscriptions: () => forgetSubscriptions(server),
    async stop() {
      clearInterval(ticking);
      clearInterval(laying);
      await server.shutdown(0);
      await serverCertificateManager.dispose();
    },
  };
}

function securityOf(security: 'None' | 'Secured' | 'Both') {
  return {
    securityModes: [
      ...(security === 'Secured' ? [] : [MessageSecurityMode.None]),
      ...(security === 'None' ? [] : [MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt]),
    ],
    securityPolicies: [
      ...(security === 'Secured' ? [] : [SecurityPolicy.None]),
      ...(security === 'None'
        ? []
        : [
            SecurityPolicy.Basic256Sha256,
            SecurityPolicy.Aes128_Sha256_RsaOaep,
            SecurityPolicy.Aes256_Sha256_RsaPss,
          ]),
    ],
  };
}

function methodsOf(namespace: Namespace, machine: UAObject): TestServer['addMethod'] {
  return (name, inputs, work) => {
    const method = namespace.addMethod(machine, {
      browseName: name,
      nodeId: `s=Machine.${name}`,
      inputArguments: inputs.map((input) => ({ valueRank: -1, ...input })),
      outputArguments: [],
    });
    method.bindMethod((given, _context, callback) => callback(null, work(given)));
  };
}

function startTicker(
  tickMs: number | undefined,
  add: TestServer['add'],
  addWritable: TestServer['addWritable'],
  set: TestServer['set'],
): NodeJS.Timeout | undefined {
  if (tickMs === undefined) return undefined;
  let ticks = 0;
  addWritable('Setpoint', DataType.Double, { dataType: DataType.Double, value: 1 });
  add('Ticker', DataType.UInt32, { dataType: DataType.UInt32, value: 0 });
  // The same value with the same time in every process: nothing changed while the server was away.
  add('Still', DataType.UInt32, { dataType: DataType.UInt32, value: 7 });
  set('Still', { dataType: DataType.UInt32, value: 7 }, StatusCodes.Good, new Date(1_700_000_000_000));
  return setInterval(() => {
    ticks += 1;
    set('Ticker', { dataType: DataType.UInt32, value: ticks });
  }, tickMs);
}

function startRing(ring: TestServerSettings['ring'], server: VariableServer): NodeJS.Timeout | undefined {
  if (ring === undefined) return undefined;
  const laid = addRing(server, ring.size, ring.seq);
  return setInterval(() => laid.produce(), ring.everyMs);
}

function onlyUser(user: { readonly name: string; readonly password: string }) {
  return {
    isValidUser: (name: string, password: string) => name === user.name && password === user.password,
  };
}

function forgetSubscriptions(server: OPCUAServer): number {
  let forgotten = 0;
  for (const session of server.engine.getSessions()) {
    // A copy, because deleting takes them out of the list.
    const ids = session.publishEngine.subscriptions.map(({ id }) => id);
    for (const id of ids) session.deleteSubscription(id);
    forgotten += ids.length;
  }
  return forgotten;
}

const [, program, argument] = process.argv;
if (import.meta.main && program !== undefined && argument !== undefined) {
  const settings = JSON.parse(argument) as TestServerSettings;
  const { url } = await startTestServer(settings);
  process.stdout.write(`ready ${url}\n`);
}
