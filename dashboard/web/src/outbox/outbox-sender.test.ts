/** The sender over a database as browsers have it, and a real server on a socket. */
import 'fake-indexeddb/auto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postAct, postDocument } from '../api/material.ts';
import { listen } from '../api/test-server.ts';
import { OutboxSender } from './outbox-sender.ts';
import { baleDraft, voidDraft } from './test-entries.ts';

interface Got {
  readonly path: string;
  readonly key: string;
  readonly body: Record<string, unknown>;
}

/** Does what has the same key once, as the server does. */
class ActServer {
  readonly got: Got[] = [];
  readonly done = new Map<string, string>();
  readonly uploads: number[] = [];
  /** What to answer in the place of a record; null: record it. */
  trouble: ((got: Got) => { status: number; code: string } | 'cut' | null) | null = null;
  readonly #server: Server = createServer((incoming, outgoing) => void this.#answer(incoming, outgoing));
  origin = '';

  async start(): Promise<void> {
    this.origin = await listen(this.#server);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk as Uint8Array));
    const bytes = Buffer.concat(chunks);
    const path = incoming.url ?? '';
    if (path === '/api/v1/documents') {
      this.uploads.push(bytes.length);
      return this.#json(outgoing, 201, { id: 'f'.repeat(64), media: 'image/jpeg', bytes: bytes.length });
    }
    const got = {
      path,
      key: String(incoming.headers['idempotency-key']),
      body: JSON.parse(bytes.toString()) as Record<string, unknown>,
    };
    this.got.push(got);
    const trouble = this.trouble?.(got) ?? null;
    if (trouble === 'cut') {
      outgoing.destroy();
      return;
    }
    if (trouble !== null)
      return this.#json(outgoing, trouble.status, { code: trouble.code, params: { kg: 3 } });
    const replayed = this.done.has(got.key);
    if (!replayed) this.done.set(got.key, `B${this.done.size + 1}`);
    const id = this.done.get(got.key) ?? '';
    this.#json(outgoing, 201, { id, number: Number(id.slice(1)), events: [], warnings: [], replayed });
  }

  #json(outgoing: ServerResponse, status: number, body: object): void {
    outgoing.writeHead(status, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(body));
  }
}

let server: ActServer;
let database: string;
let databases = 0;
let keys = 0;
let owners: AbortController[];
let signedOut: number;

/** A tab of the browser: its own sender over the database that all tabs share. */
function openTab(): { readonly sender: OutboxSender; readonly close: () => Promise<void> } {
  const owner = new AbortController();
  owners.push(owner);
  const sender = new OutboxSender({
    post: (path, body, key, signal) => postAct(`${server.origin}${path}`, body, key, signal),
    upload: (file, key, signal) => postDocument(file, key, signal),
    newKey: () => `key-${++keys}`,
    entropy: () => 0,
    onSignedOut: () => (signedOut += 1),
    onChange: () => undefined,
    database,
  });
  const running = sender.run(owner.signal);
  sender.permit(true);
  return {
    sender,
    close: async () => {
      owner.abort();
      await running;
    },
  };
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`never: ${what}`);
}

const saved = async (sender: OutboxSender, draft = baleDraft()): Promise<string> => {
  let key: string | null = null;
  await until('open', () => sender.content !== undefined);
  for (let tries = 0; key === null && tries < 100; tries += 1) {
    key = await sender.add(draft);
    if (key === null) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  if (key === null) throw new Error('it was not saved');
  return key;
};

beforeEach(async () => {
  server = new ActServer();
  await server.start();
  databases += 1;
  database = `outbox-${databases}`;
  owners = [];
  keys = 0;
  signedOut = 0;
});

afterEach(() => {
  for (const owner of owners) owner.abort();
  server.stop();
});

describe('the outbox', () => {
  it('sends acts in their order, one at a time, and keeps the answers', async () => {
    const { sender } = openTab();
    for (let index = 0; index < 5; index += 1) await saved(sender);
    await until('all sent', () => sender.content.entries.length === 0);
    expect(server.got.map(({ key }) => key)).toEqual(['key-1', 'key-2', 'key-3', 'key-4', 'key-5']);
    expect(sender.content.answered.map(({ answer }) => answer.number)).toEqual([1, 2, 3, 4, 5]);
    expect(sender.holdup).toBeNull();
  });

  it('keeps what the server did not answer, through cuts, reloads and a server that failed, and sends it once', async () => {
    server.trouble = () => 'cut';
    const first = openTab();
    for (let index = 0; index < 30; index += 1) await saved(first.sender);
    await until('the link is known as cut', () => first.sender.holdup === 'away');
    expect(first.sender.content.entries).toHaveLength(30);
    await first.close();

    // It records, but the answer is lost: what makes doubles where keys are not the same.
    server.trouble = (got) => {
      if (server.done.has(got.key)) return null;
      server.done.set(got.key, `B${server.done.size + 1}`);
      return 'cut';
    };
    const second = openTab();
    await until('all recorded', () => {
      second.sender.wakeUp();
      return second.sender.content.answered.length === 30;
    });
    expect(second.sender.content.entries).toEqual([]);
    expect(server.done.size).toBe(30);
    expect(second.sender.content.answered.map(({ answer }) => answer.number)).toEqual(
      Array.from({ length: 30 }, (_, index) => index + 1),
    );
  }, 30_000);

  it('puts a refused act aside with its code, goes on with the others, and asks again when told to', async () => {
    server.trouble = ({ body }) =>
      body['outlet'] === 'bad' ? { status: 409, code: 'not-the-outlet' } : null;
    const { sender } = openTab();
    const bad = await saved(sender, baleDraft({ body: { occurredAt: 1, outlet: 'bad' } }));
    await saved(sender);
    await until('the second is recorded', () => sender.content.answered.length === 1);
    const [entry] = sender.content.entries;
    expect(entry).toMatchObject({
      key: bad,
      refusal: { status: 409, code: 'not-the-outlet', params: { kg: 3 } },
    });

    server.trouble = null;
    if (entry !== undefined) await sender.retry(entry);
    await until('it is recorded now', () => sender.content.entries.length === 0);
    expect(server.done.has(bad)).toBe(false);
    expect(server.done.size).toBe(2);
  });

  it('fills in what an earlier act has made, and holds back what comes after a refused one', async () => {
    const { sender } = openTab();
    const bale = await saved(sender);
    await saved(sender, voidDraft(bale));
    await until('both recorded', () => sender.content.answered.length === 2);
    expect(server.got.map(({ path }) => path)).toEqual(['/api/v1/bales', '/api/v1/bales/B1/void']);

    server.trouble = () => ({ status: 422, code: 'net-not-positive' });
    const refused = await saved(sender);
    await saved(sender, voidDraft(refused));
    await until(
      'both aside',
      () => sender.content.entries.filter((entry) => entry.refusal !== null).length === 2,
    );
    expect(sender.content.entries.map(({ refusal }) => refusal?.code)).toEqual([
      'net-not-positive',
      'act-before-missing',
    ]);
    expect(server.got).toHaveLength(3);

    server.trouble = null;
    const [entry] = sender.content.entries;
    if (entry !== undefined) await sender.retry(entry);
    await until('both recorded after all', () => sender.content.entries.length === 0);
    expect(server.got.at(-1)?.path).toBe('/api/v1/bales/B3/void');
  });

  it('keeps everything when the session is over, and goes on after the sign-in', async () => {
    server.trouble = () => ({ status: 401, code: 'not-signed-in' });
    const { sender } = openTab();
    await saved(sender);
    await until('it asks to sign in', () => signedOut === 1);
    await saved(sender);
    expect(sender.holdup).toBe('signed-out');
    expect(sender.content.entries).toHaveLength(2);
    expect(server.got).toHaveLength(1);
    server.trouble = null;
    sender.permit(true);
    await until('all recorded', () => sender.content.answered.length === 2);
  });

  it('sends files first, and names them in the act', async () => {
    const realFetch = globalThis.fetch;
    // The page asks by paths; node needs an origin before them.
    globalThis.fetch = (input, init) =>
      realFetch(
        typeof input === 'string' && input.startsWith('/') ? `${server.origin}${input}` : input,
        init,
      );
    try {
      const { sender } = openTab();
      const blob = new Blob([new Uint8Array(1234)], { type: 'image/jpeg' });
      await saved(sender, baleDraft({ files: [{ blob, name: 'a.jpg', kind: 'photo' }] }));
      await until('recorded', () => sender.content.answered.length === 1);
      expect(server.uploads).toEqual([1234]);
      expect(server.got[0]?.body['attachments']).toEqual([
        { sha256: 'f'.repeat(64), name: 'a.jpg', media: 'image/jpeg', bytes: 1234, kind: 'photo' },
      ]);
    } finally {
      globalThis.fetch = realFetch;
    }
  });

  it('shows in each tab what waits, and sends from one of them', async () => {
    server.trouble = () => ({ status: 504, code: 'no-reply' });
    const one = openTab();
    await saved(one.sender);
    const two = openTab();
    await saved(two.sender);
    await until('both tabs know both', () =>
      [one, two].every(({ sender }) => sender.content.entries.length === 2),
    );
    await until('the line is known as away', () => one.sender.holdup === 'line-away');
    server.trouble = null;
    one.sender.wakeUp();
    await until('both tabs know that they are recorded', () =>
      [one, two].every(({ sender }) => sender.content.answered.length === 2),
    );
    expect(server.done.size).toBe(2);
    // The second tab takes over when the first is closed.
    await one.close();
    await saved(two.sender);
    await until('sent by the second', () => two.sender.content.answered.length === 3);
  });
});
