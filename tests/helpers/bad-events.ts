/** Messages on a ledger's topic that are wrong, each in one respect, and the code that they are refused with. */
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { randomBytes } from 'node:crypto';
import { BALE, successorOf } from './forged-events.ts';

export const TEN_MEGABYTES = 10 * 1024 * 1024;
const HOUR_MS = 3_600_000;
const YEAR_1970_MS = 1_000;

export interface BadEvent {
  readonly what: string;
  readonly code: string;
  /** @param last the last event of the line. @param second an earlier one. */
  readonly message: (last: LedgerEvent, second: LedgerEvent) => string | Buffer;
}

const one = (event: unknown) => JSON.stringify([event]);
const withNet = (last: LedgerEvent, netGrams: number) => one(successorOf(last, {}, { ...BALE, netGrams }));
const COUNT = {
  counter: 'outlet.csr',
  totalGrams: 1,
  source: { device: 'plc', tag: 'bin7Total', generation: 0 },
  sourceGrams: 1,
};
const counting = (last: LedgerEvent, fell: number) => {
  const period = { from: Date.now() - 1_000, to: Date.now(), counts: [{ ...COUNT, grams: fell }] };
  return one(successorOf(last, { type: 'throughput.counted' }, period));
};

/** Each stands where the next event of the line is awaited, or claims a place that is taken. */
export const BAD_EVENTS: readonly BadEvent[] = [
  {
    what: 'a hash that is not its own',
    code: 'wrong-hash',
    message: (last) => one({ ...successorOf(last), hash: 'a'.repeat(64) }),
  },
  {
    what: 'a payload that was changed on the way',
    code: 'wrong-hash',
    message: (last) => one({ ...successorOf(last), payload: { ...BALE, netGrams: 12_400 } }),
  },
  {
    what: 'a number that jumps back, with other content',
    code: 'fork',
    message: (_last, second) => one(successorOf(second, { seq: second.seq })),
  },
  {
    what: 'a duplicate of the last one with other content',
    code: 'fork',
    message: (last) => one(successorOf(last, { seq: last.seq }, BALE, last.prev)),
  },
  {
    what: 'a predecessor that it does not have',
    code: 'broken-chain',
    message: (last) => one(successorOf(last, {}, BALE, 'b'.repeat(64))),
  },
  {
    what: 'an epoch that nobody accepted',
    code: 'unknown-epoch',
    message: (last) => one(successorOf(last, { epoch: 'c'.repeat(32) })),
  },
  {
    what: 'a date two days ahead',
    code: 'impossible-date',
    message: (last) => one(successorOf(last, { occurredAt: Date.now() + 48 * HOUR_MS })),
  },
  {
    what: 'a date in 1970',
    code: 'impossible-date',
    message: (last) => one(successorOf(last, { occurredAt: YEAR_1970_MS, recordedAt: YEAR_1970_MS })),
  },
  { what: 'a bale of 0 kg', code: 'invalid-payload', message: (last) => withNet(last, 0) },
  { what: 'a bale of −1 kg', code: 'invalid-payload', message: (last) => withNet(last, -1_000) },
  { what: 'a bale of 1e9 kg', code: 'invalid-payload', message: (last) => withNet(last, 1e12) },
  {
    what: 'a bale of NaN kg',
    code: 'not-json',
    message: (last) => one(successorOf(last)).replaceAll('12300', 'NaN'),
  },
  {
    what: 'a bale of more kg than a number holds',
    code: 'invalid-event',
    message: (last) => one(successorOf(last)).replaceAll('12300', '1e999'),
  },
  { what: '0 kg that fell', code: 'invalid-payload', message: (last) => counting(last, 0) },
  { what: '−1 kg that fell', code: 'invalid-payload', message: (last) => counting(last, -1_000) },
  { what: '1e9 kg that fell', code: 'invalid-payload', message: (last) => counting(last, 1e12) },
  {
    what: 'a member that no event has',
    code: 'invalid-event',
    message: (last) => one({ ...successorOf(last), name: 'Dupont' }),
  },
  {
    what: '10 MB of event',
    code: 'too-large',
    message: (last) => one(successorOf(last)).padEnd(TEN_MEGABYTES),
  },
  {
    what: '10 MB of zeros',
    code: 'too-large',
    message: () => Buffer.alloc(TEN_MEGABYTES),
  },
  { what: 'noise', code: 'not-json', message: () => randomBytes(200) },
  { what: 'nothing', code: 'not-json', message: () => '' },
  {
    what: 'an object for an array',
    code: 'invalid-event',
    message: (last) => JSON.stringify(successorOf(last)),
  },
];
