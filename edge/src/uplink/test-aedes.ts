/** The broker of a single PC, for tests; it may deny the ledger's messages, which it does by cutting their sender off. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { Aedes } from 'aedes';

export class TestAedes implements AsyncDisposable {
  readonly #broker: Aedes;
  readonly #server: Server;
  deniesLedger = false;
  /** Clients that were accepted so far, by their ids. */
  readonly accepted: string[] = [];

  private constructor(broker: Aedes, server: Server) {
    this.#broker = broker;
    this.#server = server;
    broker.authorizePublish = (_client, { topic }, done) => {
      done(this.deniesLedger && topic.endsWith('/ledger') ? new Error('denied') : null);
    };
    broker.on('clientReady', ({ id }) => this.accepted.push(id));
  }

  static async start(): Promise<TestAedes> {
    const broker = await Aedes.createBroker();
    const server = createServer((socket) => broker.handle(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TestAedes(broker, server);
  }

  get url(): string {
    return `mqtt://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await new Promise<void>((resolve) => this.#broker.close(resolve));
    await closed;
  }
}
