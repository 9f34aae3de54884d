/** What a busy line records, for benchmarks: a bale's weighing, and what fell into five outlets, by turns. */
import type { LedgerRecord } from '@trame/edge/ports/ledger';

const OUTLETS = ['creme', 'essuyage', 'csr', 'effilochage', 'export'];
/** Grams that fall into each outlet from one count to the next. */
const FELL = 8_000;

/** @returns records number `from`, `from` + 1, …: each number always the same but for its time. */
export function sampleRecords(from: number, count: number): readonly LedgerRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    return number % 2 === 0 ? weighing(number / 2 + 1) : throughput((number + 1) / 2);
  });
}

function weighing(number: number): LedgerRecord {
  return record('weighing.recorded', {
    scale: 'bale-scale',
    use: 'bale',
    source: 'alibi',
    serial: 'SN-204481',
    alibiEpoch: 1,
    number,
    grossGrams: 412_500,
    tareGrams: 12_500,
    tareKind: 'preset',
    netGrams: 400_000,
    intervalGrams: 500,
    stable: true,
    verification: 'valid',
    verificationDue: '2027-03-01',
    simulated: true,
  });
}

function throughput(turn: number): LedgerRecord {
  const to = Date.now();
  return record('throughput.counted', {
    from: to - 10_000,
    to,
    counts: OUTLETS.map((outlet) => ({
      counter: `outlet.${outlet}`,
      grams: FELL,
      totalGrams: FELL * turn,
      source: { device: 'bins', tag: `${outlet}Total`, generation: 0 },
      sourceGrams: FELL * turn,
    })),
  });
}

function record(type: string, payload: LedgerRecord['payload']): LedgerRecord {
  return { type, occurredAtMs: Date.now(), actorRef: null, payload, key: null, marks: {} };
}
