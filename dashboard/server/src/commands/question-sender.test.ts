/** Questions to an edge: signed, asked until answered, bounded, given up when nobody waits any more. */
import { decodeCommand, isSignedBy, type CommandReply } from '@trame/protocol/command';
import { exampleHeartbeat } from '@trame/protocol/test-heartbeat';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import type { Clock } from '../ports/clock.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { eventually } from '../testing/eventually.ts';
import type { EdgeAddress } from './command-sender.ts';
import { EDGE_SILENT_MS } from './last-heartbeat.ts';
import { ASKED_MAX, ASKED_OF_LINE_MAX, QuestionSender, type Question } from './question-sender.ts';

const HERE: EdgeAddress = { site: 'caux', line: 'tri-1' };
const ASKED: Question = { ...HERE, command: 'item.explain', args: { item: 'nir:69070000:7' } };
const NEVER = new AbortController().signal;

function bench(times = 100) {
  let passedMs = 0;
  const clock: Clock = {
    nowMs: () => systemClock.nowMs() + passedMs,
    monotonicMs: () => systemClock.monotonicMs() * times,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
  const board = new HeartbeatBoard();
  const beat = (line = HERE.line) =>
    board.note({ site: HERE.site, line, said: exampleHeartbeat({ tick: 3 }), receivedAtMs: clock.nowMs() });
  beat();
  const listeners = new Set<(address: EdgeAddress, reply: CommandReply) => void>();
  const sent: { topic: string; payload: string }[] = [];
  const { privateKey: key } = generateKeyPairSync('ed25519');
  const channel = {
    publish: (topic: string, payload: string) => {
      sent.push({ topic, payload });
      return true;
    },
    onReply: (listener: (address: EdgeAddress, reply: CommandReply) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const sender = new QuestionSender({ board, channel, key, clock, entropy: systemEntropy });
  const idOf = (n: number) => decodeCommand(Buffer.from(sent[n]?.payload ?? ''))?.request.id ?? 'none';
  const reply = (id: string, data: unknown, address = HERE) => {
    const said: CommandReply = { v: 1, id, code: 'done', detail: null, seq: null, epoch: null, data };
    for (const listener of listeners) listener(address, said);
  };
  const pass = (ms: number) => {
    passedMs += ms;
  };
  return { sender, sent, key, idOf, reply, beat, pass, listeners };
}

describe('a question to an edge', () => {
  it('is signed, quotes nothing, and gives what its own line answers, once', async () => {
    const { sender, sent, key, idOf, reply } = bench();
    const answer = sender.ask(ASKED, NEVER);
    const command = decodeCommand(Buffer.from(sent[0]?.payload ?? ''));
    if (command === null) throw new Error('not signed');
    expect(sent[0]?.topic).toBe('trame/v1/caux/tri-1/command');
    expect(isSignedBy(command, createPublicKey(key))).toBe(true);
    const { command: name, args, actorRef, heartbeat } = command.request;
    expect([name, args, actorRef, heartbeat]).toEqual([ASKED.command, ASKED.args, null, undefined]);
    reply(idOf(0), 'of another line', { site: 'caux', line: 'tri-2' });
    reply('0'.repeat(32), 'of another question');
    reply(idOf(0), 'its own');
    expect(await answer).toMatchObject({ kind: 'replied', reply: { code: 'done', data: 'its own' } });
    reply(idOf(0), 'again');
    expect(sender.waiting).toBe(0);
  });

  it('is asked again under its id until the time is over', async () => {
    const { sender, sent, idOf } = bench();
    expect(await sender.ask(ASKED, NEVER)).toEqual({ kind: 'no-reply' });
    expect(sent.length).toBeGreaterThanOrEqual(2);
    expect(sent.length).toBeLessThanOrEqual(4);
    expect(new Set(sent.map((_one, n) => idOf(n))).size).toBe(1);
    expect(sender.waiting).toBe(0);
  });

  it('is not sent to a line that is not heard', async () => {
    const { sender, sent, pass } = bench();
    pass(EDGE_SILENT_MS + 1);
    expect(await sender.ask(ASKED, NEVER)).toEqual({ kind: 'edge-silent' });
    expect(await sender.ask({ ...ASKED, line: 'never' }, NEVER)).toEqual({ kind: 'edge-silent' });
    expect(sent).toEqual([]);
  });

  it('is bounded for a line and for all, and given up when nobody waits, or the server stops', async () => {
    const { sender, sent, beat, listeners } = bench(1);
    const gone = new AbortController();
    const many = Array.from({ length: ASKED_OF_LINE_MAX }, () => sender.ask(ASKED, gone.signal));
    expect(await sender.ask(ASKED, NEVER)).toEqual({ kind: 'busy' });
    beat('tri-2');
    const other = sender.ask({ ...ASKED, line: 'tri-2' }, NEVER);
    expect(sender.waiting).toBe(ASKED_OF_LINE_MAX + 1);
    gone.abort();
    expect(new Set((await Promise.all(many)).map(({ kind }) => kind))).toEqual(new Set(['no-reply']));
    await eventually(() => (sender.waiting === 1 ? true : null));
    const lines = Array.from({ length: ASKED_MAX - 1 }, (_one, n) => `line-${n}`);
    for (const line of lines) beat(line);
    const all = lines.map((line) => sender.ask({ ...ASKED, line }, NEVER));
    beat('one-more');
    expect(await sender.ask({ ...ASKED, line: 'one-more' }, NEVER)).toEqual({ kind: 'busy' });
    await sender.stop();
    for (const one of [other, ...all]) expect(await one).toEqual({ kind: 'no-reply' });
    const before = sent.length;
    expect(await sender.ask(ASKED, NEVER)).toEqual({ kind: 'busy' });
    expect([sent.length, listeners.size]).toEqual([before, 0]);
  });
});
