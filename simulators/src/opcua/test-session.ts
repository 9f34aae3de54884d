import {
  AttributeIds,
  ClientMonitoredItem,
  DataType,
  MessageSecurityMode,
  OPCUAClient,
  SecurityPolicy,
  TimestampsToReturn,
  type ClientSession,
} from 'node-opcua';

/** A value that changed, and when the client was told. Monotonic ms. */
export interface Change {
  readonly value: unknown;
  readonly atMs: number;
}

/** A real client of the PLC, anonymous and in clear. Names are node ids without namespace. */
export class TestSession {
  #client: OPCUAClient;
  #session: ClientSession;

  private constructor(client: OPCUAClient, session: ClientSession) {
    this.#client = client;
    this.#session = session;
  }

  static async open(port: number | undefined): Promise<TestSession> {
    const client = OPCUAClient.create({
      securityMode: MessageSecurityMode.None,
      securityPolicy: SecurityPolicy.None,
      connectionStrategy: { maxRetry: 0, initialDelay: 50, maxDelay: 100 },
      endpointMustExist: false,
    });
    await client.connect(`opc.tcp://127.0.0.1:${port}`);
    return new TestSession(client, await client.createSession());
  }

  async read(id: string): Promise<unknown> {
    const value = await this.#session.read({ nodeId: `ns=1;s=${id}`, attributeId: AttributeIds.Value });
    if (value.statusCode.name !== 'Good') throw new Error(`${id}: ${value.statusCode.name}`);
    return value.value.value;
  }

  /** Gives the name of the status. */
  async write(id: string, dataType: DataType, value: unknown): Promise<string> {
    const status = await this.#session.write({
      nodeId: `ns=1;s=${id}`,
      attributeId: AttributeIds.Value,
      value: { value: { dataType, value } },
    });
    return status.name;
  }

  /** Calls a method of the PackML object. Gives the name of the status. */
  async call(name: string, ...numbers: readonly number[]): Promise<string> {
    const { statusCode } = await this.#session.call({
      objectId: 'ns=1;s=PackML',
      methodId: `ns=1;s=PackML.${name}`,
      inputArguments: numbers.map((value) => ({ dataType: DataType.Int32, value })),
    });
    return statusCode.name;
  }

  /** Every change of a node from now on, as the server tells them. */
  async watch(id: string): Promise<Change[]> {
    const changes: Change[] = [];
    const subscription = await this.#session.createSubscription2({
      requestedPublishingInterval: 20,
      requestedMaxKeepAliveCount: 50,
      requestedLifetimeCount: 1_000,
      publishingEnabled: true,
    });
    const item = ClientMonitoredItem.create(
      subscription,
      { nodeId: `ns=1;s=${id}`, attributeId: AttributeIds.Value },
      { samplingInterval: 0, queueSize: 100, discardOldest: true },
      TimestampsToReturn.Both,
    );
    await new Promise<void>((resolve) => {
      item.on('changed', (value) => {
        changes.push({ value: value.value.value as unknown, atMs: performance.now() });
        resolve();
      });
    });
    return changes;
  }

  async close(): Promise<void> {
    await this.#session.close(true);
    await this.#client.disconnect();
  }
}
