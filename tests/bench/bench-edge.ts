/** The edge's own ledger and its way to the server, without a line: for benchmarks. */
import { randomBytes } from 'node:crypto';
import { openLedger } from '@trame/edge/ledger/open-ledger';
import type { LedgerRecord } from '@trame/edge/ports/ledger';
import { LedgerUplink } from '@trame/edge/uplink/ledger-uplink';
import { sampleRecords } from './sample-records.ts';

export type Ledger = Extract<ReturnType<typeof openLedger>, { kind: 'open' }>['ledger'];

export const SITE = 'caux-vallee-de-seine';
export const CONSUMER = 'trame';

const log = { debug: () => {}, info: () => {}, warn: console.error, error: console.error };
const entropy = { random: Math.random, bytes: (count: number) => randomBytes(count) };
const clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason)), { once: true });
    }),
};

export interface EdgeFolder {
  readonly dataDir: string;
  readonly line: string;
}

export function openBenchLedger({ dataDir, line }: EdgeFolder): Ledger {
  const opened = openLedger({
    dataDir,
    site: SITE,
    line,
    clock,
    entropy,
    witness: { eventClock: { state: 'checked', offsetMs: 12 }, wrongByMs: null },
    log,
    reserveBytes: 0,
    freeBytes: () => null,
    countedBefore: [],
  });
  if (opened.kind === 'unusable') throw new Error(opened.message);
  return opened.ledger;
}

/** Each record is an append of its own; those that come together share a commit. */
export async function appendAll(ledger: Ledger, records: readonly LedgerRecord[]): Promise<void> {
  const outcomes = await Promise.all(records.map((record) => ledger.append([record])));
  if (outcomes.some(({ kind }) => kind !== 'stored')) throw new Error('an event was not stored');
}

const TOGETHER = 5_000;

export async function fillLedger(ledger: Ledger, events: number): Promise<void> {
  for (let done = 0; done < events; done += TOGETHER) {
    await appendAll(ledger, sampleRecords(done, Math.min(TOGETHER, events - done)));
  }
}

export interface Delivery {
  /** The ledger grew. */
  readonly recorded: () => void;
  readonly stop: () => Promise<void>;
}

/** @param onAcknowledged told up to which number the server has acknowledged. */
export function deliver(
  ledger: Ledger,
  line: string,
  url: string,
  onAcknowledged: (upTo: number) => void,
): Delivery {
  let tick = 0;
  const uplink: LedgerUplink = new LedgerUplink({
    site: SITE,
    line,
    config: {
      url,
      primaryHost: null,
      username: null,
      passwordFile: null,
      caFile: null,
      keepAliveS: 60,
      protocolVersion: 4,
    },
    consumers: [CONSUMER],
    ledger,
    cursors: {
      loadCursor: (consumer) => ledger.loadCursor(consumer),
      saveCursor: (consumer, cursor) => {
        onAcknowledged(cursor.upTo);
        ledger.saveCursor(consumer, cursor);
      },
    },
    heartbeat: () => ({
      v: 1,
      boot: '0000000000000001',
      tick: (tick += 1),
      at: Date.now(),
      version: 'bench',
      ledger: {
        state: 'ok',
        code: null,
        reason: null,
        epoch: ledger.head.epoch,
        head: ledger.head.seq,
        hash: ledger.head.hash,
        unstored: 0,
        lost: 0,
        consumers: uplink.status,
      },
      spool: null,
      disk: { state: 'unknown', freeBytes: null, reserveBytes: 0 },
      clock: { state: 'checked', offsetMs: 0 },
    }),
    onServerTime: () => {},
    commands: null,
    clock,
    entropy,
    log,
  });
  const end = new AbortController();
  const run = uplink.run(end.signal);
  return {
    recorded: () => uplink.recorded(),
    stop: async () => {
      end.abort();
      await run;
    },
  };
}
