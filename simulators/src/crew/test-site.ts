/** For tests of the crew: a site that takes acts over HTTP as the dashboard does, once a key, and fails on demand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { uniform, seedRandom } from '../plant/random.ts';

export interface TakenAct {
  readonly path: string;
  readonly key: string;
  readonly role: string;
  readonly body: Record<string, unknown>;
  readonly id: string;
}

/** Numbers that the site has weighings of; more than a test weighs. */
const weighings = 900;

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
}

export class TestSite {
  readonly taken: TakenAct[] = [];
  /** Keys that came again with another body. */
  readonly reused: string[] = [];
  /** Share of acts that are answered by 503 before, or by a broken connection after they are taken. */
  failing = 0;
  /** Every request is refused a connection. */
  isDown = false;
  /** Weighings that something else has claimed. */
  readonly claimed = new Set<unknown>();
  sessions = 0;
  /** What the book has in bins. */
  elsewhere: { account: string; grams: number }[] = [];
  #random = seedRandom(42);
  #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve()));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no address');
    return `http://127.0.0.1:${address.port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** Acts at a path that ends so. */
  at(end: string): TakenAct[] {
    return this.taken.filter(({ path }) => path.endsWith(end));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isDown) {
      request.socket.destroy();
      return;
    }
    const path = (request.url ?? '').split('?')[0] ?? '';
    const say = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (path === '/api/v1/session') {
      const { login } = await bodyOf(request);
      this.sessions += 1;
      say(200, {}, { 'set-cookie': `session=${String(login)}.${this.sessions}; HttpOnly` });
      return;
    }
    const role = /^session=(?<role>[a-z]+)\./u.exec(request.headers.cookie ?? '')?.groups?.['role'];
    if (role === undefined) say(401, { code: 'not-signed-in' });
    else if (path === '/api/v1/lines') say(200, { rows: [{ id: 'tables-1' }] });
    else if (path === '/api/v1/reference')
      say(200, { presses: [{ id: 'presse-1' }], zones: [{ id: 'stock' }] });
    else if (path === '/api/v1/weighings') say(200, { rows: weighingRows(), next: null });
    else if (path === '/api/v1/stock') say(200, { elsewhere: this.elsewhere });
    else await this.#take(request, path, role, say, response);
  }

  async #take(
    request: IncomingMessage,
    path: string,
    role: string,
    say: (status: number, body: unknown) => void,
    response: ServerResponse,
  ): Promise<void> {
    const body = await bodyOf(request);
    const key = String(request.headers['idempotency-key']);
    const draw = uniform(this.#random);
    if (draw < this.failing / 2) {
      say(503, { code: 'unavailable' });
      return;
    }
    if (this.claimed.has((body['weight'] as Record<string, unknown> | undefined)?.['weighing'])) {
      say(409, { code: 'weighing-claimed' });
      return;
    }
    const known = this.taken.find((act) => act.key === key);
    if (known !== undefined && JSON.stringify(known.body) !== JSON.stringify(body)) this.reused.push(key);
    const id = known?.id ?? `X${this.taken.length + 1}`;
    if (known === undefined) this.taken.push({ path, key, role, body, id });
    if (draw < this.failing) response.destroy();
    else say(201, { id, number: null, events: [`e-${id}`], warnings: [], replayed: known !== undefined });
  }
}

function weighingRows(): unknown[] {
  return ['platform-scale', 'bale-scale'].flatMap((scale) =>
    Array.from({ length: weighings }, (_, index) => {
      return { id: `${scale}-${index + 1}`, scale, number: index + 1, kind: 'recorded' };
    }),
  );
}
