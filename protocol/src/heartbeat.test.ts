import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONSUMER_STATES, decodeHeartbeat, encodeHeartbeat, type Heartbeat } from './heartbeat.ts';

const HEARTBEAT: Heartbeat = {
  v: 1,
  boot: '0123456789abcdef',
  tick: 7,
  at: 1_767_225_600_000,
  version: '0.1.0',
  ledger: {
    state: 'not-stored',
    code: 'disk-full',
    reason: 'the disk is full',
    epoch: 'ab'.repeat(16),
    head: 41,
    hash: 'cd'.repeat(32),
    unstored: 3,
    lost: 2,
    consumers: CONSUMER_STATES.map((state) => ({
      consumer: 'trame',
      state,
      upTo: 40,
      waiting: 1,
      reason: null,
    })),
  },
  spool: { state: 'ok', reason: null, samples: 0, bytes: 0, maxBytes: 1, oldestAt: null, dropped: 0 },
  disk: { state: 'reserve', freeBytes: null, reserveBytes: 64 },
  clock: { state: 'behind', offsetMs: -3000 },
};

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

describe('a heartbeat', () => {
  it('arrives as it was sent, of a line without telemetry and of a damaged ledger, too', () => {
    const closed = {
      ...HEARTBEAT.ledger,
      state: 'closed' as const,
      code: 'closed' as const,
      epoch: null,
      hash: null,
      head: 0,
      consumers: [],
    };
    const sorting = {
      model: null,
      modelFault: 'the file was altered',
      programme: { id: 'atelier', version: 4, hash: 'cd'.repeat(32) },
      programmeFault: null,
      fallback: 'manuel',
      sorted: 12,
      toFallback: 12,
      late: 0,
      unwritten: 0,
      missed: 3,
      items: { state: 'not-stored' as const, reason: 'the disk is full', dropped: 0 },
    };
    for (const sent of [
      HEARTBEAT,
      { ...HEARTBEAT, sorting },
      { ...HEARTBEAT, spool: null },
      { ...HEARTBEAT, ledger: closed },
    ]) {
      expect(decodeHeartbeat(new TextEncoder().encode(encodeHeartbeat(sent)))).toStrictEqual(sent);
    }
  });

  it.each([
    ['another version', { v: 2 }],
    ['tick 0', { tick: 0 }],
    ['a boot that is none', { boot: 'x' }],
    ['a time before all times', { at: -1 }],
    ['a disk that nobody knows', { disk: { ...HEARTBEAT.disk, state: 'fine' } }],
    ['an empty epoch', { ledger: { ...HEARTBEAT.ledger, epoch: '' } }],
    ['a novel for a reason', { ledger: { ...HEARTBEAT.ledger, reason: 'a'.repeat(501) } }],
    [
      'a crowd of consumers',
      {
        ledger: {
          ...HEARTBEAT.ledger,
          consumers: Array.from({ length: 9 }, () => HEARTBEAT.ledger.consumers[0]),
        },
      },
    ],
    ['more than is known', { mood: 'good' }],
    ['more bytes than a heartbeat has', { version: 'a'.repeat(20_000) }],
  ])('with %s is none', (_what, change) => {
    expect(decodeHeartbeat(bytes({ ...HEARTBEAT, ...change }))).toBeNull();
  });

  it('of any bytes is none, and never an error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (message) => {
          expect(decodeHeartbeat(message)).toBeNull();
        },
      ),
    );
  });
});
