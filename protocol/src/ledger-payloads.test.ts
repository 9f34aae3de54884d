import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isKnownType, knownEvent, payloadFault, type LedgerPayloads } from './ledger-payloads.ts';
import type { AlarmEventType } from './alarms/alarm-events.ts';
import type { ControlEventType } from './control/control-events.ts';
import type { MaterialEventType } from './material/material-payloads.ts';
import { EPOCH } from './test-ledger.ts';

const TIME = 1_767_225_600_000;
const BOOT = '0123456789abcdef';
const SOURCE = { device: 'bins', tag: 'total1', generation: 0 };
const SCALE = { scale: 'bale', serial: 'A-1', alibiEpoch: 1, use: 'bale', simulated: true } as const;

const EXAMPLES: Omit<LedgerPayloads, MaterialEventType | AlarmEventType | ControlEventType> = {
  'ledger.opened': {
    reason: 'restored',
    previous: { epoch: EPOCH, seq: 7, hash: 'ab'.repeat(32) },
    countedBefore: [{ counter: 'input', grams: 12 }],
  },
  'edge.started': { version: '0.1.0', boot: BOOT, unclean: true, lastAliveAt: TIME },
  'edge.stopped': { boot: BOOT },
  'line.state': { state: 'execute', emergencyStop: null },
  'device.state': { device: 'plc', state: 'offline', reason: 'connection refused' },
  'throughput.counted': {
    from: TIME,
    to: TIME + 60_000,
    counts: [{ counter: 'outlet.reuse', grams: 5, totalGrams: 50, source: SOURCE, sourceGrams: 500 }],
  },
  'total.wentBack': { counter: 'input', source: SOURCE, fromGrams: 9, toGrams: 3 },
  'total.replaced': { counter: 'input', source: SOURCE, previous: SOURCE, previousGrams: 9 },
  'weighing.recorded': {
    ...SCALE,
    source: 'alibi',
    number: 12,
    grossGrams: 412_000,
    tareGrams: 12_000,
    tareKind: 'preset',
    netGrams: 400_000,
    intervalGrams: 500,
    stable: true,
    verification: 'valid',
    verificationDue: '2027-03-01',
  },
  'weighing.refused': { ...SCALE, reason: 'overload', number: null, grossGrams: -500 },
  'weighing.missed': { ...SCALE, fromNumber: 3, toNumber: 5, netGrams: null },
  'scale.seen': { ...SCALE, number: 41, totalGrams: null },
  'scale.verified': { scale: 'bale', outcome: 'refused', on: '2026-03-01', due: null, request: EPOCH },
  'telemetry.gap': { from: TIME, to: TIME, samples: null, reason: 'spool-full' },
  'records.lost': { from: TIME, to: TIME, records: 3, reason: 'queue-full' },
  'clock.stepped': { byMs: -3_600_000 },
  'items.sorted': {
    device: 'nir',
    life: '6957a400',
    outlet: 'cotton',
    fromAt: TIME,
    toAt: TIME + 59_000,
    fromSeq: 4_294_967_000,
    toSeq: 4_294_967_295,
    items: 3,
    readings: { pure: 2, blend: 0, unknown: 1, 'see-through': 0, unreadable: 0, none: 0 },
    composition: [{ fibre: 'cellulosic', percent: 100 }],
    described: 2,
    errorPoints: 3.5,
    late: 1,
    programme: { id: 'outlets', version: 2, hash: 'ab'.repeat(32) },
    model: { id: 'site', sha256: 'cd'.repeat(32) },
    hash: 'ef'.repeat(32),
  },
  'verdict.changed': {
    line: 'line1',
    item: 'nir:6957a400:12',
    from: 'cotton',
    to: 'manual',
    reason: 'label-says',
    note: '',
  },
  'clock.confirmed': { at: TIME, request: EPOCH },
};

const types = Object.keys(EXAMPLES) as (keyof typeof EXAMPLES)[];

describe('payloads', () => {
  it.each(types)('%s: an example is right, and nothing more or less than it', (type) => {
    const payload = EXAMPLES[type];
    expect(payloadFault(type, payload)).toBeNull();
    expect(knownEvent({ type, payload })).toStrictEqual({ type, payload });
    expect(payloadFault(type, { ...payload, surplus: 'more' })).toMatch(new RegExp(`^${type}`, 'u'));
    for (const name of Object.keys(payload)) {
      const rest = Object.fromEntries(Object.entries(payload).filter(([other]) => other !== name));
      expect([name, payloadFault(type, rest)]).not.toContain(null);
    }
  });

  const weighing = EXAMPLES['weighing.recorded'];
  it.each<[string, Partial<Record<keyof typeof weighing, unknown>>]>([
    ['0 kg', { netGrams: 0 }],
    ['−1 kg', { netGrams: -1000 }],
    ['half a gram', { netGrams: 0.5 }],
    ['a million tonnes', { netGrams: 1e12 }],
    ['NaN', { netGrams: Number.NaN }],
    ['no number', { netGrams: null }],
    ['a number as text', { netGrams: '400000' }],
    ['an unstable indication', { stable: false }],
    ['a date that is none', { verificationDue: '1 March' }],
    ['an alibi number below 0', { number: -1 }],
  ])('a weighing of %s is none, and the fault names the member', (_what, change) => {
    const [member] = Object.keys(change);
    const payload = { ...weighing, ...change };
    expect(payloadFault('weighing.recorded', payload)).toMatch(
      new RegExp(`^weighing\\.recorded/${member}: `, 'u'),
    );
    expect(knownEvent({ type: 'weighing.recorded', payload })).toBeNull();
  });

  const counted = EXAMPLES['throughput.counted'];
  it.each<[string, object]>([
    ['nothing', { counts: [] }],
    ['0 g', { counts: [{ ...counted.counts[0], grams: 0 }] }],
    ['1e9 kg', { counts: [{ ...counted.counts[0], grams: 1e12 }] }],
    ['NaN', { counts: [{ ...counted.counts[0], grams: Number.NaN }] }],
    ['a period of 1970', { from: 0 }],
  ])('a count of %s is none', (_what, change) => {
    expect(payloadFault('throughput.counted', { ...counted, ...change })).not.toBeNull();
  });

  it('of a type from a newer edge mean nothing yet, and are no fault', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('lot.opened', 'constructor', '__proto__', 'toString'),
        fc.object(),
        (type, payload) => {
          expect([
            isKnownType(type),
            payloadFault(type, payload),
            knownEvent({ type, payload }),
          ]).toStrictEqual([false, null, null]);
        },
      ),
    );
  });

  it('that are withheld mean nothing', () => {
    expect(knownEvent({ type: 'device.state', payload: null })).toBeNull();
  });

  it('of a known type are right or have a fault, never an error', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.object(), (type, payload) => {
        expect(payloadFault(type, payload)).not.toBeNull();
      }),
    );
  });
});
