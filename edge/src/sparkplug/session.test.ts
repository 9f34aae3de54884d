import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REBIRTH_PAUSE_MS, SESSION_HELD_MS, type SessionEvent } from './session.ts';
import type { SessionEffect } from './session-effect.ts';
import { CONNECTED, data, NOW_MS, play, SAMPLE } from './test-session.ts';

describe('a session without a primary host', () => {
  it('numbers its first connection 0, the next one +1, and 255 is followed by 0', () => {
    expect(play([{ kind: 'start' }]).effects).toEqual([{ kind: 'connect', bdSeq: 0 }]);
    expect(play([{ kind: 'start' }], false, 41).effects).toEqual([{ kind: 'connect', bdSeq: 42 }]);
    expect(play([{ kind: 'start' }], false, 255).effects).toEqual([{ kind: 'connect', bdSeq: 0 }]);
  });

  it('is born with the node first and every online device after it', () => {
    const { effects } = play([
      { kind: 'device-online', device: 'a' },
      { kind: 'device-online', device: 'b' },
      { kind: 'device-online', device: 'c' },
      { kind: 'device-offline', device: 'b' },
      ...CONNECTED,
    ]);
    expect(effects.slice(1)).toEqual([
      { kind: 'nbirth', seq: 0, bdSeq: 0 },
      { kind: 'dbirth', seq: 1, device: 'a' },
      { kind: 'dbirth', seq: 2, device: 'c' },
    ]);
  });

  it('wraps its sequence number from 255 to 0', () => {
    const { effects } = play([
      { kind: 'device-online', device: 'a' },
      ...CONNECTED,
      ...Array.from({ length: 256 }, () => data('a')),
    ]);
    const seqs = effects.flatMap((effect) => (effect.kind === 'ddata' ? [effect.seq] : []));
    expect(seqs.slice(0, 2)).toEqual([2, 3]);
    expect(seqs.slice(253, 256)).toEqual([255, 0, 1]);
  });

  it('keeps data of a device that was not born, and spends no number on it', () => {
    const { effects } = play([...CONNECTED, data('ghost'), { kind: 'device-online', device: 'a' }]);
    expect(effects.slice(2)).toEqual([
      { kind: 'unsent', device: 'ghost', samples: [SAMPLE], historical: false },
      { kind: 'dbirth', seq: 1, device: 'a' },
    ]);
  });

  it('tells a device death once, and a birth again when it is back or defined anew', () => {
    const { kinds } = play([
      ...CONNECTED,
      { kind: 'device-online', device: 'a' },
      { kind: 'device-offline', device: 'a' },
      { kind: 'device-offline', device: 'a' },
      { kind: 'device-online', device: 'a' },
      { kind: 'device-online', device: 'a' },
    ]);
    expect(kinds).toEqual(['connect', 'nbirth', 'dbirth', 'ddeath', 'dbirth', 'dbirth']);
  });
});

describe('a session that is asked for again', () => {
  it('retries ever later while attempts fail or sessions do not hold, soon after one that held', () => {
    const fail: SessionEvent[] = [{ kind: 'closed', atMs: 0 }, { kind: 'retry' }];
    const shortLived: SessionEvent[] = [
      { kind: 'connected', atMs: 0 },
      { kind: 'closed', atMs: SESSION_HELD_MS - 1 },
      { kind: 'retry' },
    ];
    const held: SessionEvent[] = [
      { kind: 'connected', atMs: 0 },
      { kind: 'closed', atMs: SESSION_HELD_MS },
      { kind: 'retry' },
    ];
    const { effects } = play([{ kind: 'start' }, ...fail, ...fail, ...shortLived, ...held]);
    const attempts = effects.flatMap((effect) => (effect.kind === 'retry-later' ? [effect.attempt] : []));
    expect(attempts).toEqual([0, 1, 2, 0]);
  });

  it('gives the same session number again at a rebirth, from sequence number 0', () => {
    const { effects } = play([
      { kind: 'device-online', device: 'a' },
      ...CONNECTED,
      data('a'),
      { kind: 'rebirth-requested', atMs: REBIRTH_PAUSE_MS },
      data('a'),
    ]);
    expect(effects.slice(4).map((effect) => ('seq' in effect ? [effect.kind, effect.seq] : []))).toEqual([
      ['nbirth', 0],
      ['dbirth', 1],
      ['ddata', 2],
    ]);
    expect(effects[4]).toMatchObject({ bdSeq: 0 });
  });

  it('answers rebirths that come too fast with one birth, later, and sends no data before it', () => {
    const { effects } = play([
      { kind: 'device-online', device: 'a' },
      ...CONNECTED,
      { kind: 'rebirth-requested', atMs: 300 },
      data('a'),
      { kind: 'rebirth-requested', atMs: 400 },
      { kind: 'rebirth-timer', atMs: REBIRTH_PAUSE_MS },
      { kind: 'rebirth-timer', atMs: REBIRTH_PAUSE_MS + 1 },
      data('a'),
    ]);
    expect(effects.slice(3).map(({ kind }) => kind)).toEqual([
      'rebirth-later',
      'unsent',
      'nbirth',
      'dbirth',
      'ddata',
    ]);
    expect(effects[3]).toEqual({ kind: 'rebirth-later', delayMs: REBIRTH_PAUSE_MS - 300 });
  });

  it('says its death and disconnects when it stops, once', () => {
    const { kinds } = play([...CONNECTED, { kind: 'stop' }, { kind: 'stop' }, { kind: 'closed', atMs: 1 }]);
    expect(kinds.slice(2)).toEqual(['ndeath', 'disconnect']);
  });

  it('leaves without a packet when it was never born, so that its first message is no death', () => {
    expect(play([{ kind: 'start' }, { kind: 'stop' }]).effects.at(-1)).toEqual({
      kind: 'disconnect',
      packet: false,
    });
  });
});

const anyDevice = fc.constantFrom('a', 'b', 'c');
const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.constant<SessionEvent>({ kind: 'retry' }),
  fc.record({ kind: fc.constant('connected' as const), atMs: fc.nat(20_000) }),
  fc.record({ kind: fc.constant('closed' as const), atMs: fc.nat(20_000) }),
  fc.record({
    kind: fc.constant('host-state' as const),
    online: fc.boolean(),
    timestampMs: fc.oneof(fc.nat(5), fc.constant(2 * NOW_MS)),
    nowMs: fc.constant(NOW_MS),
    atMs: fc.nat(20_000),
  }),
  fc.record({
    kind: fc.constantFrom('rebirth-requested' as const, 'rebirth-timer' as const),
    atMs: fc.nat(20_000),
  }),
  fc.record({ kind: fc.constant('host-recheck' as const), atMs: fc.nat(80_000) }),
  fc.record({
    kind: fc.constantFrom('device-online' as const, 'device-offline' as const),
    device: anyDevice,
  }),
  anyDevice.map(data),
);

/** What a host sees, checked message by message as the specification asks. @returns what is wrong. */
function violations(effects: readonly SessionEffect[]): readonly string[] {
  const found: string[] = [];
  const claim = (holds: boolean, rule: string, effect: SessionEffect) => {
    if (!holds) found.push(`${rule}: ${JSON.stringify(effect)}`);
  };
  let will: number | null = null;
  /** Of the last message; null: no birth in this session. */
  let seq: number | null = null;
  let born = new Set<string>();
  for (const effect of effects) {
    switch (effect.kind) {
      case 'connect':
        claim(seq === null, 'a session ends before the next one', effect);
        claim(will === null || effect.bdSeq === (will + 1) % 256, 'bdSeq +1 per CONNECT', effect);
        will = effect.bdSeq;
        break;
      case 'nbirth':
        claim(
          effect.seq === 0 && effect.bdSeq === will,
          'NBIRTH has seq 0 and the bdSeq of the will',
          effect,
        );
        seq = 0;
        born = new Set();
        break;
      case 'dbirth':
      case 'ddeath':
      case 'ddata':
        claim(seq !== null && effect.seq === (seq + 1) % 256, 'seq is contiguous after NBIRTH', effect);
        claim(effect.kind === 'dbirth' || born.has(effect.device), 'DBIRTH comes first', effect);
        seq = effect.seq;
        if (effect.kind === 'dbirth') born.add(effect.device);
        if (effect.kind === 'ddeath') born.delete(effect.device);
        break;
      case 'ndeath':
        claim(seq !== null && effect.bdSeq === will, 'NDEATH only of a born session, with its bdSeq', effect);
        break;
      case 'disconnect':
      case 'retry-later':
        seq = null;
        break;
      default:
    }
  }
  return found;
}

describe('whatever happens to a session', () => {
  it('numbers are contiguous, births come first, the will matches, and everything ends in a stop', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 400 }), fc.boolean(), (events, waitsForHost) => {
        const { effects, state } = play([{ kind: 'start' }, ...events, { kind: 'stop' }], waitsForHost, 250);
        expect(violations(effects)).toEqual([]);
        expect(state.phase.kind).toBe('stopped');
      }),
      { numRuns: 500 },
    );
  });

  it('no data is lost silently: every sample is sent or told as unsent', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 200 }), (events) => {
        const all: readonly SessionEvent[] = [{ kind: 'start' }, ...events, { kind: 'stop' }, data('a')];
        const { kinds } = play(all);
        const told = kinds.filter((kind) => kind === 'ddata' || kind === 'unsent').length;
        expect(told).toBe(all.filter(({ kind }) => kind === 'data').length);
      }),
    );
  });
});
