/** Requests that record something and expire: they quote the heartbeat that the line said last before they were asked. */
import { decodeCommand, type CommandReply, type ReplyCode } from '@trame/protocol/command';
import { exampleHeartbeat } from '@trame/protocol/test-heartbeat';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { addUsers } from '../access/user-repository.ts';
import { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import type { Clock } from '../ports/clock.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { freshRecordsOf, RECORDS_ENGINES, type FreshRecords } from '../testing/records-engines.ts';
import { CommandSender, type CommandOrder, type EdgeAddress } from './command-sender.ts';
import { EDGE_SILENT_MS } from './last-heartbeat.ts';

const HERE: EdgeAddress = { site: 'caux', line: 'tri-1' };
const ORDER: CommandOrder = {
  ...HERE,
  login: 'sup',
  idempotencyKey: 'key-00000001',
  command: 'alarm.reset',
  args: { alarm: 'jam' },
  expires: true,
};
const FASTER = 100;

interface Bench extends AsyncDisposable {
  readonly sender: CommandSender;
  readonly sent: ReturnType<typeof requestOf>[];
  /** What the line answers; null: nothing. */
  code: ReplyCode | null;
  beat(tick: number): void;
  /** Wall time. */
  pass(ms: number): void;
}

function requestOf(payload: string) {
  const signed = decodeCommand(Buffer.from(payload));
  if (signed === null) throw new Error('not a signed request');
  return signed.request;
}

async function bench({ records }: FreshRecords): Promise<Bench> {
  await addUsers(records, [{ login: 'sup', role: 'supervisor', secretHash: '', demo: false }], 5);
  let passedMs = 0;
  const clock: Clock = {
    nowMs: () => systemClock.nowMs() + passedMs,
    monotonicMs: () => systemClock.monotonicMs() * FASTER,
    sleep: (ms, signal) => systemClock.sleep(ms / FASTER, signal),
  };
  const board = new HeartbeatBoard();
  const listeners = new Set<(address: EdgeAddress, reply: CommandReply) => void>();
  const channel = {
    publish: (_topic: string, payload: string) => {
      const request = requestOf(payload);
      it.sent.push(request);
      const { code } = it;
      if (code === null) return true;
      const reply: CommandReply = { v: 1, id: request.id, code, detail: null, seq: null, epoch: null };
      for (const listener of listeners) listener(HERE, reply);
      return true;
    },
    onReply: (listener: (address: EdgeAddress, reply: CommandReply) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const key = generateKeyPairSync('ed25519').privateKey;
  const common = { records, board, channel, key, clock, entropy: systemEntropy, log: keepingLog() };
  const sender = new CommandSender(common);
  const it: Bench = {
    sender,
    sent: [],
    code: 'done',
    beat: (tick) => board.note({ ...HERE, said: exampleHeartbeat({ tick }), receivedAtMs: clock.nowMs() }),
    pass: (ms) => (passedMs += ms),
    [Symbol.asyncDispose]: () => sender.stop(),
  };
  return it;
}

describe.each(RECORDS_ENGINES)('a request that expires, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);

  it('quotes the last heartbeat; one that does not expire quotes none', async () => {
    await using records = await fresh();
    await using b = await bench(records);
    b.beat(7);
    expect((await b.sender.send(ORDER)).kind).toBe('replied');
    const { expires: _, ...lasting } = ORDER;
    await b.sender.send({ ...lasting, idempotencyKey: 'key-00000002', command: 'scale.verify' });
    expect(b.sent.map(({ heartbeat }) => heartbeat?.tick)).toEqual([7, undefined]);
  });

  it('asked again is the same request, and quotes the heartbeat of then', async () => {
    await using records = await fresh();
    await using b = await bench(records);
    b.beat(7);
    b.code = null;
    expect((await b.sender.send(ORDER)).kind).toBe('no-reply');
    const first = b.sent.length;
    expect(new Set(b.sent.map(({ heartbeat }) => heartbeat?.tick))).toEqual(new Set([7]));
    b.beat(12);
    b.code = 'expired';
    expect(await b.sender.send(ORDER)).toMatchObject({ reply: { code: 'expired' } });
    b.code = 'done';
    expect(await b.sender.send(ORDER)).toMatchObject({ reply: { code: 'done' } });
    expect(b.sent.slice(first).map(({ heartbeat }) => heartbeat?.tick)).toEqual([12, 12]);
    expect(new Set(b.sent.map(({ id }) => id)).size).toBe(1);
  });

  it('is not sent to a line that was not heard lately, nor noted; what was recorded is told all the same', async () => {
    await using records = await fresh();
    await using b = await bench(records);
    expect(await b.sender.send(ORDER)).toEqual({ kind: 'edge-silent' });
    expect(await records.records.selectFrom('commands').selectAll().execute()).toEqual([]);
    b.beat(7);
    expect((await b.sender.send(ORDER)).kind).toBe('replied');
    b.pass(EDGE_SILENT_MS + 1);
    expect(await b.sender.send(ORDER)).toMatchObject({ kind: 'replied', reply: { code: 'done' } });
    expect(await b.sender.send({ ...ORDER, args: { alarm: 'other' } })).toEqual({ kind: 'key-reused' });
    expect(await b.sender.send({ ...ORDER, idempotencyKey: 'key-00000002' })).toEqual({
      kind: 'edge-silent',
    });
    expect(b.sent).toHaveLength(1);
  });
});
