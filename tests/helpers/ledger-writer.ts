/**
 * A program that keeps a ledger and says on its standard output what became of each record: `<number> stored <seq>`
 * or `<number> <code>`. A record that was not stored is tried again until it is, as the edge does.
 * Usage: ledger-writer.ts DIR RECORDS GROUP RESERVE_BYTES
 */
import { randomBytes } from 'node:crypto';
import { statfsSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLedger } from '@trame/edge/ledger/open-ledger';

const RETRY_MS = 20;

const [dataDir = '', records, group, reserveBytes] = process.argv.slice(2);
const opened = openLedger({
  dataDir,
  site: 'caux',
  line: 'tri-1',
  clock: {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  },
  entropy: { random: Math.random, bytes: (count) => randomBytes(count) },
  witness: { eventClock: { state: 'unchecked', offsetMs: null }, wrongByMs: null },
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  reserveBytes: Number(reserveBytes),
  freeBytes: () => {
    const { bavail, bsize } = statfsSync(dataDir);
    return bavail * bsize;
  },
  countedBefore: [],
});
if (opened.kind === 'unusable') {
  say(`unusable ${opened.message}`);
  process.exit(1);
}
const { ledger } = opened;
// A record is known by its device; the mark says which was last. A restarted writer goes on from there.
const first = Number(ledger.mark('last') ?? 0) + 1;
say(`open at ${ledger.head.seq}, next ${first}`);
for (let next = first; next < first + Number(records); next += Number(group)) {
  await Promise.all(Array.from({ length: Number(group) }, (_, index) => record(next + index)));
}
ledger.close();

async function record(number: number): Promise<void> {
  for (;;) {
    const payload = { device: `d${number}`, state: 'online', reason: 'x'.repeat(200) };
    const marks = { last: String(number) };
    const outcome = await ledger.append([
      { type: 'device.state', occurredAtMs: Date.now(), actorRef: null, key: null, payload, marks },
    ]);
    if (outcome.kind === 'stored') {
      say(`${number} stored ${outcome.results[0]?.seq}`);
      return;
    }
    say(`${number} ${outcome.code} ${outcome.reason}`);
    if (outcome.code === 'closed') process.exit(3);
    await sleep(RETRY_MS);
  }
}

/** At once, so that what was said was said even if the process dies now. */
function say(words: string): void {
  writeSync(1, `${words}\n`);
}
