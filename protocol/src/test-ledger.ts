/** Events for tests: one written out with its hashes, and random ones. */
import * as fc from 'fast-check';
import { sealEvent } from './hash-chain.ts';
import { EVENT_TIME_MIN_MS, FIRST_PREV, type LedgerEnvelope, type LedgerEvent } from './ledger-event.ts';

export const EPOCH = '000102030405060708090a0b0c0d0e0f';

export const ENVELOPE: LedgerEnvelope = {
  v: 1,
  site: 'caux-vallee-de-seine',
  line: 'tri-1',
  epoch: EPOCH,
  seq: 2,
  id: 'f0e0d0c0b0a090807060504030201000',
  type: 'device.state',
  occurredAt: 1_767_225_600_000,
  recordedAt: 1_767_225_600_250,
  clock: { state: 'checked', offsetMs: -1200 },
  actorRef: null,
};

export const PAYLOAD = { state: 'online', device: 'plc', reason: null } as const;

/** An event that is what it says, alone in its chain. */
export function someEvent(
  envelope: Partial<LedgerEnvelope> = {},
  payload: LedgerEvent['payload'] = PAYLOAD,
): LedgerEvent {
  return sealEvent(FIRST_PREV, { ...ENVELOPE, ...envelope }, payload ?? {});
}

const hex = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length })
    .map((digits) => digits.map((digit) => digit.toString(16)).join(''));
const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,62}$/u);
const time = fc.integer({ min: EVENT_TIME_MIN_MS, max: 8_640_000_000_000_000 });

/** As JSON.parse makes them. */
const PLAIN = { noNullPrototype: true };

export const anyEnvelope: fc.Arbitrary<LedgerEnvelope> = fc.record(
  {
    v: fc.constant(1 as const),
    site: id,
    line: id,
    epoch: hex(32),
    seq: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    id: hex(32),
    type: fc.constantFrom('device.state', 'weighing.recorded', 'newer.thing'),
    occurredAt: time,
    recordedAt: time,
    clock: fc.record(
      {
        state: fc.constantFrom('checked' as const, 'unchecked' as const, 'behind' as const),
        offsetMs: fc.option(fc.integer()),
      },
      PLAIN,
    ),
    actorRef: fc.option(hex(16)),
  },
  PLAIN,
);

/** Any object that JSON can say, keys and texts of all of Unicode included. */
export const anyPayload: fc.Arbitrary<Record<string, unknown>> = fc
  .dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ stringUnit: 'grapheme' }))
  .map((value) => JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
