/** A PLC with a PackML sequence on a real OPC UA server, as small as it can be: a test presses its buttons and breaks it. */
import { join } from 'node:path';
import { DataType, StatusCodes, type UAVariable } from 'node-opcua';
import { startTestServer, type TestServer } from './opcua/test-server.ts';
import { TEST_NAMESPACE } from './opcua/test-device.ts';
import { freePort } from './ports/test-free-port.ts';

const STATE = { stopped: 2, starting: 3, idle: 4, execute: 6, stopping: 7, holding: 10, held: 11 } as const;
const STATION = { stopped: 1, running: 3 } as const;
/** The sequence reaches its next step in so long, ms. */
const STEP_MS = 60;
const LIFE_EVERY_MS = 200;

const NUMBERS = ['State', 'Mode', 'Belt', 'Sorter', 'Level'] as const;
const BITS = ['Remote', 'Enable', 'EmergencyStop', 'DoorsClosed'] as const;

export class TestPlc implements AsyncDisposable {
  readonly calls: string[] = [];
  /** Takes what it is asked and does nothing. */
  ignores = false;
  readonly #pki: string;
  readonly #port: number;
  #server: TestServer | null = null;
  #sequence: NodeJS.Timeout[] = [];
  #life: NodeJS.Timeout | undefined;

  private constructor(dir: string, port: number) {
    this.#pki = join(dir, 'plc-pki');
    this.#port = port;
  }

  static async start(dir: string): Promise<TestPlc> {
    const plc = new TestPlc(dir, await freePort());
    await plc.start();
    return plc;
  }

  get url(): string {
    return `opc.tcp://127.0.0.1:${this.#port}`;
  }

  get server(): TestServer {
    if (this.#server === null) throw new Error('the PLC is off');
    return this.#server;
  }

  /** Its program begins anew, on the same port. */
  async start(): Promise<void> {
    const server = await startTestServer({ port: this.#port, pki: this.#pki });
    this.#server = server;
    for (const name of NUMBERS) server.add(name, DataType.Int32, { dataType: DataType.Int32, value: 0 });
    for (const name of BITS) server.add(name, DataType.Boolean, { dataType: DataType.Boolean, value: false });
    server.add('Life', DataType.UInt32, { dataType: DataType.UInt32, value: 0 });
    server.addWritable('TrameLife', DataType.UInt32, { dataType: DataType.UInt32, value: 0 });
    server.addWritable('Speed', DataType.Double, { dataType: DataType.Double, value: 0.5 });
    this.bit('Remote', true);
    this.bit('DoorsClosed', true);
    this.number('Mode', 1);
    this.number('State', STATE.idle);
    this.#stations(STATION.stopped);
    const starting = [
      ['Sorter', STATION.running],
      ['Belt', STATION.running],
      ['State', STATE.execute],
    ] as const;
    const stopping = [
      ['Belt', STATION.stopped],
      ['Sorter', STATION.stopped],
    ] as const;
    this.#method('Start', STATE.idle, STATE.starting, starting);
    this.#method('Stop', null, STATE.stopping, [...stopping, ['State', STATE.stopped]]);
    this.#method('Hold', STATE.execute, STATE.holding, [...stopping, ['State', STATE.held]]);
    let life = 0;
    this.#life = setInterval(() => {
      life += 1;
      server.set('Life', { dataType: DataType.UInt32, value: life });
    }, LIFE_EVERY_MS);
  }

  bit(name: (typeof BITS)[number], value: boolean): void {
    this.server.set(name, { dataType: DataType.Boolean, value });
  }

  number(name: (typeof NUMBERS)[number], value: number): void {
    this.server.set(name, { dataType: DataType.Int32, value });
  }

  /** Somebody presses the local enable, long enough to be seen. */
  async pressEnable(): Promise<void> {
    this.bit('Enable', true);
    await new Promise((resolve) => setTimeout(resolve, 250));
    this.bit('Enable', false);
  }

  /** What it holds itself. */
  held(name: string): unknown {
    return this.#variable(name).readValue().value.value;
  }

  /** Takes every write of the speed, and keeps its own. */
  lieAboutSpeed(): void {
    this.#variable('Speed').on('value_changed', () => {
      this.server.set('Speed', { dataType: DataType.Double, value: 0.5 });
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#life);
    this.#dropSequence();
    const server = this.#server;
    this.#server = null;
    await server?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #method(
    name: string,
    from: number | null,
    by: number,
    steps: readonly (readonly [(typeof NUMBERS)[number], number])[],
  ): void {
    this.server.addMethod(name, [], () => {
      this.calls.push(name);
      if (from !== null && this.held('State') !== from) return { statusCode: StatusCodes.BadInvalidState };
      if (this.ignores) return { statusCode: StatusCodes.Good };
      this.#dropSequence();
      this.number('State', by);
      this.#sequence = steps.map(([what, value], index) =>
        setTimeout(() => this.number(what, value), (index + 1) * STEP_MS),
      );
      return { statusCode: StatusCodes.Good };
    });
  }

  #variable(name: string): UAVariable {
    const { addressSpace } = this.server.server.engine;
    const index = addressSpace?.getNamespaceIndex(TEST_NAMESPACE) ?? -1;
    const node = addressSpace?.findNode(`ns=${index};s=${name}`) ?? null;
    if (node === null) throw new Error(`no variable ${name}`);
    return node as UAVariable;
  }

  #stations(state: number): void {
    this.number('Belt', state);
    this.number('Sorter', state);
  }

  #dropSequence(): void {
    for (const step of this.#sequence) clearTimeout(step);
    this.#sequence = [];
  }
}
