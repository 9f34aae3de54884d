/** Requests to an edge: signed, sent until answered, noted before and after, done once. */
import { decodeCommand, isSignedBy, type CommandReply, type ReplyCode } from '@trame/protocol/command';
import { createPublicKey } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addUsers, removeUser } from '../access/user-repository.ts';
import { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import type { Clock } from '../ports/clock.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { eventually } from '../testing/eventually.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { freshRecordsOf, RECORDS_ENGINES, type FreshRecords } from '../testing/records-engines.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { actorRefOf } from './actor-repository.ts';
import { COMMAND_KEY_FILE, COMMAND_PUBLIC_KEY_FILE, commandKey } from './command-key.ts';
import {
  CommandSender,
  IN_FLIGHT_MAX,
  REPLY_TIMEOUT_MS,
  type CommandChannel,
  type CommandOrder,
  type EdgeAddress,
} from './command-sender.ts';

/** The machine's clocks, but waits pass so many times faster. */
function faster(times: number): Clock {
  return {
    nowMs: () => systemClock.nowMs(),
    monotonicMs: () => systemClock.monotonicMs() * times,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}

interface Sent {
  readonly topic: string;
  readonly payload: string;
}

/** The way to an edge that answers as the test says; every byte is kept. */
class TestChannel implements CommandChannel {
  readonly sent: Sent[] = [];
  readonly #listeners = new Set<(address: EdgeAddress, reply: CommandReply) => void>();
  isUp = true;
  answer: (sent: Sent) => void = () => undefined;

  publish(topic: string, payload: string): boolean {
    if (!this.isUp) return false;
    this.sent.push({ topic, payload });
    this.answer({ topic, payload });
    return true;
  }

  onReply(listener: (address: EdgeAddress, reply: CommandReply) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  reply(address: EdgeAddress, reply: CommandReply): void {
    for (const listener of this.#listeners) listener(address, reply);
  }

  /** Answers each request with this code. */
  always(code: ReplyCode, detail: string | null = null): void {
    this.answer = ({ payload }) => {
      const address = { site: 'site', line: 'tri-1' };
      this.reply(address, replyOf(idOf(payload), code, detail));
    };
  }
}

function idOf(payload: string): string {
  return decodeCommand(Buffer.from(payload))?.request.id ?? 'unreadable';
}

function replyOf(id: string, code: ReplyCode, detail: string | null = null): CommandReply {
  const seq = code === 'done' ? 7 : null;
  return { v: 1, id, code, detail, seq, epoch: null };
}

const ORDER: CommandOrder = {
  site: 'site',
  line: 'tri-1',
  login: 'sup',
  idempotencyKey: 'key-00000001',
  command: 'clock.confirm',
  args: {},
};

interface Bench extends AsyncDisposable {
  readonly sender: CommandSender;
  readonly channel: TestChannel;
  readonly dataDir: string;
  /** As a new run of the server on the same records. */
  restart(): Promise<CommandSender>;
}

function audit({ records }: FreshRecords) {
  return records.selectFrom('commands').selectAll().orderBy('at').execute();
}

async function bench({ records }: FreshRecords, times = 100): Promise<Bench> {
  const directory = tempDir();
  await addUsers(records, [{ login: 'sup', role: 'supervisor', secretHash: '', demo: false }], 5);
  const channel = new TestChannel();
  const senders: CommandSender[] = [];
  const start = async () => {
    const key = commandKey(directory.path, systemEntropy);
    const common = { records, board: new HeartbeatBoard(), channel, key };
    const sender = new CommandSender({
      ...common,
      clock: faster(times),
      entropy: systemEntropy,
      log: keepingLog(),
    });
    await sender.load();
    senders.push(sender);
    return sender;
  };
  return {
    sender: await start(),
    channel,
    dataDir: directory.path,
    restart: start,
    [Symbol.asyncDispose]: async () => {
      for (const sender of senders) await sender.stop();
      directory[Symbol.dispose]();
    },
  };
}

describe.each(RECORDS_ENGINES)('a request, noted on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);

  it('is signed by a key that the public file verifies, and names nobody', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    b.channel.always('done');
    expect(await b.sender.send(ORDER)).toMatchObject({ kind: 'replied', reply: { code: 'done', seq: 7 } });
    const [sent] = b.channel.sent;
    expect(b.channel.sent).toHaveLength(1);
    expect(sent?.topic).toBe('trame/v1/site/tri-1/command');
    const signed = decodeCommand(Buffer.from(sent?.payload ?? ''));
    if (signed === null) throw new Error('not a signed request');
    const publicKey = createPublicKey(readFileSync(join(b.dataDir, COMMAND_PUBLIC_KEY_FILE)));
    expect(isSignedBy(signed, publicKey)).toBe(true);
    expect(signed.request).toMatchObject({ command: 'clock.confirm', args: {}, site: 'site', line: 'tri-1' });
    expect(sent?.payload).not.toContain('sup');
    const [row] = await audit(it);
    expect(row).toMatchObject({ actorRef: signed.request.actorRef, outcome: 'done', seq: 7 });
    expect(row?.answeredAt).toBeGreaterThan(0);
  });

  it('is the same person by one reference, and another one under a login made again', async () => {
    await using it = await fresh();
    const { records } = it;
    const account = { login: 'sup', role: 'supervisor', secretHash: '', demo: false } as const;
    await addUsers(records, [account], 5);
    const first = await actorRefOf(records, 'sup', 10, systemEntropy);
    expect(first).toMatch(/^[0-9a-f]{32}$/u);
    expect(await actorRefOf(records, 'sup', 11, systemEntropy)).toBe(first);
    await removeUser(records, 'sup');
    await addUsers(records, [account], 20);
    expect(await actorRefOf(records, 'sup', 21, systemEntropy)).not.toBe(first);
    expect(await records.selectFrom('actors').select('login').execute()).toHaveLength(2);
  });

  it('is sent again, the same, until the line answers', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    b.channel.answer = ({ payload }) => {
      if (b.channel.sent.length === 3) b.channel.reply(ORDER, replyOf(idOf(payload), 'done'));
    };
    expect(await b.sender.send(ORDER)).toMatchObject({ kind: 'replied' });
    expect(b.channel.sent).toHaveLength(3);
    expect(new Set(b.channel.sent.map(({ payload }) => payload)).size).toBe(1);
    await systemClock.sleep(100, AbortSignal.timeout(5_000));
    expect(b.channel.sent).toHaveLength(3);
  });

  it('is given up after ten seconds, and noted when the answer comes late', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    const startedAt = systemClock.monotonicMs();
    const outcome = await b.sender.send(ORDER);
    expect(outcome).toEqual({ kind: 'no-reply', id: expect.stringMatching(/^[0-9a-f]{32}$/u) });
    expect(systemClock.monotonicMs() - startedAt).toBeGreaterThan(REPLY_TIMEOUT_MS / 100 - 20);
    expect((await audit(it))[0]?.outcome).toBeNull();
    const id = outcome.kind === 'no-reply' ? outcome.id : '';
    b.channel.reply({ site: 'site', line: 'tri-2' }, replyOf(id, 'refused'));
    b.channel.reply(ORDER, replyOf(id, 'done'));
    await eventually(async () => ((await audit(it))[0]?.outcome === 'done' ? true : null));
    const sentBefore = b.channel.sent.length;
    expect(await b.sender.send(ORDER)).toMatchObject({ id, reply: { code: 'done' } });
    expect(b.channel.sent).toHaveLength(sentBefore);
  });

  it('asked again with its key is the same request, after a restart too', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    const first = await b.sender.send(ORDER);
    expect(first.kind).toBe('no-reply');
    const again = await b.restart();
    b.channel.always('already-done');
    expect(await again.send(ORDER)).toMatchObject({
      kind: 'replied',
      id: first.kind === 'no-reply' ? first.id : '',
      reply: { code: 'already-done' },
    });
    expect(new Set(b.channel.sent.map(({ payload }) => payload)).size).toBe(1);
    expect(await audit(it)).toHaveLength(1);
  });

  it('is asked again by its key alone, whoever asked it, and nothing is asked that never was', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    expect(await b.sender.send(ORDER)).toMatchObject({ kind: 'no-reply' });
    expect(await b.sender.again('key-00000002')).toBeNull();
    const epoch = 'a'.repeat(32);
    b.channel.answer = ({ payload }) => {
      const reply = { ...replyOf(idOf(payload), 'done'), epoch };
      b.channel.reply({ site: 'site', line: 'tri-1' }, reply);
    };
    const answered = { kind: 'replied', reply: { code: 'done', seq: 7, epoch } };
    expect(await b.sender.again(ORDER.idempotencyKey)).toMatchObject(answered);
    expect(new Set(b.channel.sent.map(({ payload }) => payload)).size).toBe(1);
    b.channel.isUp = false;
    const second = await b.restart();
    expect(await second.again(ORDER.idempotencyKey)).toMatchObject(answered);
  });

  it('that nobody answered before a restart is still noted when the answer comes', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    await b.sender.send(ORDER);
    await b.sender.stop();
    await b.restart();
    b.channel.reply(ORDER, replyOf(idOf(b.channel.sent[0]?.payload ?? ''), 'done'));
    const row = await eventually(async () => (await audit(it)).find(({ outcome }) => outcome !== null));
    expect(row).toMatchObject({ outcome: 'done', seq: 7 });
  });

  it('asked twice at once is sent once, and both are answered', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    const both = Promise.all([b.sender.send(ORDER), b.sender.send(ORDER)]);
    await eventually(() => (b.channel.sent.length > 0 ? true : null));
    b.channel.reply(ORDER, replyOf(idOf(b.channel.sent[0]?.payload ?? ''), 'done'));
    const [one, two] = await both;
    expect([one, two]).toMatchObject([{ kind: 'replied' }, { kind: 'replied' }]);
    expect(new Set(b.channel.sent.map(({ payload }) => payload)).size).toBe(1);
    expect(await audit(it)).toHaveLength(1);
  });

  it('is refused when its key was used for another, and is another by another person', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    b.channel.always('done');
    await b.sender.send(ORDER);
    expect(await b.sender.send({ ...ORDER, command: 'scale.verify' })).toEqual({ kind: 'key-reused' });
    expect(await b.sender.send({ ...ORDER, args: { a: 1 } })).toEqual({ kind: 'key-reused' });
    expect(await b.sender.send({ ...ORDER, line: 'tri-2' })).toEqual({ kind: 'key-reused' });
    expect((await b.sender.send({ ...ORDER, login: 'other' })).kind).toBe('replied');
    expect(await audit(it)).toHaveLength(2);
  });

  it('that was refused is asked again; once done it stays done', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    b.channel.always('not-stored', 'the disk is full');
    expect(await b.sender.send(ORDER)).toMatchObject({
      reply: { code: 'not-stored', detail: 'the disk is full' },
    });
    b.channel.always('done');
    expect(await b.sender.send(ORDER)).toMatchObject({ reply: { code: 'done' } });
    b.channel.reply(ORDER, replyOf(idOf(b.channel.sent[0]?.payload ?? ''), 'refused'));
    await systemClock.sleep(50, AbortSignal.timeout(5_000));
    expect((await audit(it))[0]).toMatchObject({ outcome: 'done', detail: null });
  });

  it('waits among few others only', async () => {
    await using it = await fresh();
    await using b = await bench(it, 5);
    const waiting = Array.from({ length: IN_FLIGHT_MAX }, (_, index) =>
      b.sender.send({ ...ORDER, idempotencyKey: `key-${index}` }),
    );
    await eventually(() => (b.sender.inFlight === IN_FLIGHT_MAX ? true : null));
    expect(await b.sender.send({ ...ORDER, idempotencyKey: 'one-more' })).toEqual({ kind: 'busy' });
    expect((await Promise.all(waiting)).every(({ kind }) => kind === 'no-reply')).toBe(true);
  });

  it('goes out when the link is back within its time', async () => {
    await using it = await fresh();
    await using b = await bench(it);
    b.channel.isUp = false;
    b.channel.always('done');
    const sending = b.sender.send(ORDER);
    await eventually(() => (b.sender.inFlight === 1 ? true : null));
    b.channel.isUp = true;
    expect((await sending).kind).toBe('replied');
  });
});

describe('the key of the server', () => {
  it('is made once, readable by its owner alone, and its public half is put back when it is missing', () => {
    using directory = tempDir();
    const first = commandKey(directory.path, systemEntropy);
    const [path, publicPath] = [COMMAND_KEY_FILE, COMMAND_PUBLIC_KEY_FILE].map((name) =>
      join(directory.path, name),
    ) as [string, string];
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const publicText = readFileSync(publicPath, 'utf8');
    writeFileSync(publicPath, 'other');
    expect(commandKey(directory.path, systemEntropy).equals(first)).toBe(true);
    expect(readFileSync(publicPath, 'utf8')).toBe(publicText);
    mkdirSync(join(directory.path, 'b'));
    expect(commandKey(join(directory.path, 'b'), systemEntropy).equals(first)).toBe(false);
    writeFileSync(path, 'no key');
    expect(() => commandKey(directory.path, systemEntropy)).toThrow(/is no Ed25519 key/u);
  });
});
