import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { encodePayload } from '@trame/protocol/sparkplug/payload';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  data,
  declared,
  nodeBirth,
  nodeDeath,
  qualityProperties,
  throughTheWire,
} from '../testing/payloads.ts';
import { HELD_MESSAGES_MAX, REBIRTH_INTERVAL_MS, REBIRTH_PATIENCE_MS, REORDER_TIMEOUT_MS } from './limits.ts';
import {
  nextNode,
  UNKNOWN_NODE,
  type LineMessage,
  type NodeEffect,
  type NodeEvent,
  type NodeState,
} from './node-session.ts';

const T0 = 1_763_791_200_000;

/** Plays messages to a machine and keeps what it does. */
class Player {
  state: NodeState = UNKNOWN_NODE;
  readonly effects: NodeEffect[] = [];
  nowMs = 0;

  message(type: LineMessage['type'], bytes: Uint8Array, device: string | null = null): NodeEffect[] {
    const message = { type, device, payload: throughTheWire(bytes), receivedMs: T0 + this.nowMs };
    return this.event({ kind: 'message', message, monotonicMs: this.nowMs });
  }

  event(event: NodeEvent): NodeEffect[] {
    const step = nextNode(this.state, event);
    this.state = step.state;
    this.effects.push(...step.effects);
    return [...step.effects];
  }

  later(ms: number): NodeEffect[] {
    this.nowMs += ms;
    return this.event({ kind: 'tick', atMs: T0 + this.nowMs, monotonicMs: this.nowMs });
  }

  born(bdSeq = 7): this {
    this.message('NBIRTH', nodeBirth({ atMs: T0, bdSeq }));
    this.message('DBIRTH', scaleBirth(1), 'scale');
    return this;
  }
}

function scaleBirth(seq: number): Uint8Array {
  return data(T0, seq, [
    declared({ name: 'gross', alias: 1, type: DATA_TYPE.double, value: 12.5, unit: 'kg' }),
    declared({ name: 'total', alias: 2, type: DATA_TYPE.uint64, value: 9n, unit: 'g' }),
    declared({ name: 'stable', alias: 3, type: DATA_TYPE.boolean, value: true }),
  ]);
}

function gross(seq: number, value: number): Uint8Array {
  return data(T0 + seq, seq, [{ alias: 1, type: DATA_TYPE.double, omitType: true, value }]);
}

function kinds(effects: readonly NodeEffect[]): string[] {
  return effects.map((effect) => effect.kind);
}

function values(effects: readonly NodeEffect[]): unknown[] {
  return effects.flatMap((effect) =>
    effect.kind === 'readings' ? effect.readings.map(({ value }) => value) : [],
  );
}

describe('a line as the host sees it', () => {
  it('shows what a birth declares: value, unit, quality, times', () => {
    const player = new Player().born();
    expect(player.effects).toMatchObject([
      { kind: 'line-online', description: { stations: [], outlets: [] } },
      {
        kind: 'device-online',
        device: 'scale',
        readings: [
          { metric: 'gross', unit: 'kg', value: 12.5, quality: { level: 'good' }, edgeTimeMs: T0 },
          { metric: 'total', unit: 'g', value: 9n },
          { metric: 'stable', unit: null, value: true },
        ],
      },
    ]);
  });

  it('reads data by alias, with the type that the birth declared', () => {
    const player = new Player().born();
    const effects = player.message('DDATA', gross(2, 13.75), 'scale');
    expect(effects).toMatchObject([{ kind: 'readings', readings: [{ metric: 'gross', value: 13.75 }] }]);
  });

  it('keeps a quality until the line states another', () => {
    const player = new Player().born();
    const stale = { level: 'bad', reason: 'stale' } as const;
    const metric = { alias: 1, type: DATA_TYPE.double, omitType: true, value: 1 };
    player.message('DDATA', data(T0, 2, [{ ...metric, properties: qualityProperties(stale) }]), 'scale');
    const silent = player.message('DDATA', gross(3, 2), 'scale');
    expect(silent).toMatchObject([{ readings: [{ value: 2, quality: stale }] }]);
    const good = qualityProperties({ level: 'good' });
    player.message('DDATA', data(T0, 4, [{ ...metric, properties: good }]), 'scale');
    expect(player.message('DDATA', gross(5, 3), 'scale')).toMatchObject([
      { readings: [{ value: 3, quality: { level: 'good' } }] },
    ]);
  });

  it('sends historical values to the history only, and leaves the present quality alone', () => {
    const player = new Player().born();
    const past = [{ alias: 1, type: DATA_TYPE.double, timestampMs: T0 - 60_000, historical: true, value: 3 }];
    const effects = player.message('DDATA', data(T0, 2, past), 'scale');
    expect(effects).toMatchObject([
      { kind: 'historical', readings: [{ value: 3, sourceTimeMs: T0 - 60_000 }] },
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'never takes %s for a value',
    (value) => {
      const player = new Player().born();
      const effects = player.message('DDATA', gross(2, value), 'scale');
      expect(effects).toMatchObject([
        { kind: 'readings', readings: [{ value: null, quality: { level: 'bad', reason: 'not-a-value' } }] },
        { kind: 'rejected', rejections: ['not-a-value'] },
      ]);
    },
  );

  it('takes the time of arrival for a stamp that cannot be true', () => {
    const player = new Player().born();
    const metric = { alias: 1, type: DATA_TYPE.double, timestampMs: 12_345, value: 3 };
    const effects = player.message('DDATA', data(T0, 2, [metric]), 'scale');
    expect(effects).toMatchObject([
      { readings: [{ sourceTimeMs: T0 }] },
      { kind: 'rejected', rejections: ['stamp'] },
    ]);
  });
});

describe('a line that must be asked', () => {
  it('asks for a birth when data comes before one, at most once in a while', () => {
    const player = new Player();
    expect(kinds(player.message('DDATA', gross(4, 1), 'scale'))).toEqual(['rejected', 'ask-rebirth']);
    expect(kinds(player.message('DDATA', gross(5, 1), 'scale'))).toEqual(['rejected']);
    player.nowMs += REBIRTH_INTERVAL_MS;
    expect(kinds(player.message('DDATA', gross(6, 1), 'scale'))).toEqual(['rejected', 'ask-rebirth']);
  });

  it('asks for a birth when an alias was never declared', () => {
    const player = new Player().born();
    const metric = { alias: 99, type: DATA_TYPE.double, value: 1 };
    const effects = player.message('DDATA', data(T0, 2, [metric]), 'scale');
    expect(effects).toMatchObject([{ rejections: ['unknown-metric'] }, { kind: 'ask-rebirth' }]);
  });

  it('does not ask again and again for a metric that it refused in the birth', () => {
    const player = new Player();
    player.message('NBIRTH', nodeBirth({ atMs: T0, bdSeq: 1 }));
    const refused = { name: '__proto__', alias: 5, type: DATA_TYPE.double, value: 1 };
    expect(player.message('DBIRTH', data(T0, 1, [refused]), 'scale')).toMatchObject([
      { kind: 'device-online', readings: [] },
      { rejections: ['name'] },
    ]);
    const again = [{ alias: 5, type: DATA_TYPE.double, value: 2 }];
    expect(player.message('DDATA', data(T0, 2, again), 'scale')).toEqual([]);
  });

  it('goes offline on the death of its own session, not of an earlier one', () => {
    const player = new Player().born(7);
    expect(player.message('NDEATH', nodeDeath(T0, 6))).toMatchObject([{ rejections: ['old-death'] }]);
    expect(player.state.state).toBe('online');
    expect(kinds(player.message('NDEATH', nodeDeath(T0, 7)))).toEqual(['line-offline']);
  });

  it('takes a device offline by its death, at the time of the death', () => {
    const player = new Player().born();
    const effects = player.message('DDEATH', data(T0 - 5, 2, []), 'scale');
    expect(effects).toEqual([{ kind: 'device-offline', device: 'scale', atMs: T0 - 5 }]);
    expect(kinds(player.message('DDATA', gross(3, 1), 'scale'))).toEqual(['rejected', 'ask-rebirth']);
  });
});

describe('the order of messages', () => {
  it('puts messages back in order when the missing one comes in time', () => {
    const player = new Player().born();
    expect(player.message('DDATA', gross(3, 3), 'scale')).toEqual([]);
    expect(player.message('DDATA', gross(4, 4), 'scale')).toEqual([]);
    player.later(REORDER_TIMEOUT_MS - 1);
    expect(values(player.message('DDATA', gross(2, 2), 'scale'))).toEqual([2, 3, 4]);
    expect(kinds(player.later(REORDER_TIMEOUT_MS))).toEqual([]);
  });

  it('asks for a birth when the missing message does not come, and believes nothing until then', () => {
    const player = new Player().born();
    player.message('DDATA', gross(3, 3), 'scale');
    expect(kinds(player.later(REORDER_TIMEOUT_MS))).toEqual(['rejected', 'ask-rebirth']);
    expect(values(player.message('DDATA', gross(4, 4), 'scale'))).toEqual([]);
    player.born();
    expect(values(player.message('DDATA', gross(2, 5), 'scale'))).toEqual([5]);
  });

  it('counts a line as offline when no birth follows the loss', () => {
    const player = new Player().born();
    player.message('DDATA', gross(3, 3), 'scale');
    player.later(REORDER_TIMEOUT_MS);
    expect(kinds(player.later(REBIRTH_PATIENCE_MS))).toEqual(['line-offline']);
  });

  it('holds only so many messages', () => {
    const player = new Player().born();
    for (let seq = 3; seq < 3 + HELD_MESSAGES_MAX; seq += 1) {
      expect(player.message('DDATA', gross(seq, seq), 'scale')).toEqual([]);
    }
    const last = player.message('DDATA', gross(3 + HELD_MESSAGES_MAX, 0), 'scale');
    expect(kinds(last)).toEqual(['rejected', 'ask-rebirth']);
  });

  it('marks a device offline when a new birth of its line leaves it out', () => {
    const player = new Player().born();
    player.message('NBIRTH', nodeBirth({ atMs: T0, bdSeq: 7 }));
    expect(kinds(player.later(1_000))).toEqual([]);
    expect(player.later(1_500)).toMatchObject([{ kind: 'device-offline', device: 'scale' }]);
  });

  it('asks every line after the server itself was cut off', () => {
    const player = new Player().born();
    expect(kinds(player.event({ kind: 'link-lost', atMs: T0 }))).toEqual(['line-offline']);
    expect(kinds(player.event({ kind: 'link-up', monotonicMs: 0 }))).toEqual(['ask-rebirth']);
  });
});

describe('whatever arrives', () => {
  it('shows an empty description for one that is not valid, and counts it', () => {
    const player = new Player();
    const effects = player.message(
      'NBIRTH',
      nodeBirth({ atMs: T0, bdSeq: 1, description: '{"stations":[{"id":"x"}]}' }),
    );
    expect(effects).toMatchObject([
      { kind: 'line-online', description: { stations: [], outlets: [] } },
      { rejections: ['line-description'] },
    ]);
  });

  it('never shows a wrong number, whatever is lost or reordered on the way', () => {
    const stream = fc.record({
      lost: fc.uniqueArray(fc.integer({ min: 2, max: 40 }), { maxLength: 4 }),
      swaps: fc.array(fc.integer({ min: 2, max: 39 }), { maxLength: 8 }),
    });
    fc.assert(
      fc.property(stream, ({ lost, swaps }) => {
        const player = new Player().born();
        const order = Array.from({ length: 39 }, (_, index) => index + 2).filter(
          (seq) => !lost.includes(seq),
        );
        for (const at of swaps) {
          const [a, b] = [order[at % order.length], order[(at + 1) % order.length]];
          if (a !== undefined && b !== undefined)
            [order[at % order.length], order[(at + 1) % order.length]] = [b, a];
        }
        for (const seq of order) player.message('DDATA', gross(seq, seq), 'scale');
        const shown = values(player.effects) as number[];
        const firstLost = Math.min(41, ...lost);
        expect(shown).toEqual(Array.from({ length: firstLost - 2 }, (_, index) => index + 2));
      }),
    );
  });

  it('survives any payload of any type', () => {
    const anyMetric = fc.record({
      name: fc.option(fc.string(), { nil: undefined }),
      alias: fc.option(fc.nat(), { nil: undefined }),
      value: fc.oneof(fc.double(), fc.boolean(), fc.string()),
    });
    const type = fc.constantFrom('NBIRTH', 'NDEATH', 'NDATA', 'DBIRTH', 'DDEATH', 'DDATA' as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(type, fc.nat(300), fc.array(anyMetric))), (messages) => {
        const player = new Player();
        for (const [kind, seq, metrics] of messages) {
          const out = metrics.map(({ name, alias, value }) => ({
            ...(name === undefined ? {} : { name }),
            ...(alias === undefined ? {} : { alias }),
            type:
              typeof value === 'number'
                ? DATA_TYPE.double
                : typeof value === 'boolean'
                  ? DATA_TYPE.boolean
                  : DATA_TYPE.string,
            value,
          }));
          player.message(kind, encodePayload({ timestampMs: T0, seq, metrics: out }), 'd');
          player.later(100);
        }
        const shown = player.effects.flatMap((effect) => ('readings' in effect ? effect.readings : []));
        expect(shown.filter(({ value }) => typeof value === 'number' && !Number.isFinite(value))).toEqual([]);
      }),
    );
  });
});
