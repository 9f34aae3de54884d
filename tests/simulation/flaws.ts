/** Programs that break a promise on purpose: the proof must notice each of them, else it proves nothing. */
import type { LedgerStore, StoredLine, TakeResult } from '@trame/dashboard-server/ledger/ledger-store';
import type { AppendOutcome, Ledger, LedgerRecord } from '@trame/edge/ports/ledger';
import type { ProcessClock } from './virtual-time.ts';
import type { Flaws } from './world.ts';

export const FLAWS = {
  /** The edge says «stored» before the commit. */
  'edge-acknowledges-early': { ledger: acknowledgingEarly },
  /** The server acknowledges before the commit. */
  'server-acknowledges-early': { store: storingLater },
  /** Samples that cannot be sent are thrown away without a word. */
  'spool-forgets': { losesSpooled: true },
  /** The same record is appended again after an outcome that was in doubt, without looking at marks or keys. */
  'edge-records-twice': { ledger: withoutMemory },
} as const satisfies Readonly<Record<string, Flaws>>;

export type Flaw = keyof typeof FLAWS;

export function isFlaw(name: string | undefined): name is Flaw {
  return name !== undefined && Object.hasOwn(FLAWS, name);
}

function acknowledgingEarly(ledger: Ledger): Ledger {
  let promised = ledger.head.seq;
  const append = (records: readonly LedgerRecord[]): Promise<AppendOutcome> => {
    void ledger.append(records);
    promised = Math.max(promised, ledger.head.seq);
    const results = records.map(() => ({ seq: ++promised, epoch: ledger.head.epoch, duplicate: false }));
    return Promise.resolve({ kind: 'stored', results });
  };
  return new Proxy(ledger, { get: (target, name) => (name === 'append' ? append : own(target, name)) });
}

/** Marks and keys are forgotten, so what was recorded is recorded again. */
function withoutMemory(ledger: Ledger): Ledger {
  const append = (records: readonly LedgerRecord[]): Promise<AppendOutcome> =>
    ledger.append(records.map((record) => ({ ...record, key: null })));
  const kept = new Map<string, string>();
  let calls = 0;
  const mark = (name: string): string | null => {
    calls += 1;
    const now = ledger.mark(name);
    const before = kept.get(name) ?? null;
    if (now !== null) kept.set(name, now);
    // Now and then it answers with what was true before.
    return calls % 7 === 0 ? before : now;
  };
  return new Proxy(ledger, {
    get: (target, name) => (name === 'append' ? append : name === 'mark' ? mark : own(target, name)),
  });
}

/** How long this store only says that it has stored, ms. */
const LATE_MS = 700;

function storingLater(store: LedgerStore, clock: ProcessClock): LedgerStore {
  const claimed = new Map<string, StoredLine>();
  const never = new AbortController().signal;
  return {
    take: async (address, messages, nowMs): Promise<TakeResult> => {
      const later = clock.sleep(LATE_MS, never).then(() => store.take(address, messages, nowMs));
      later.catch(() => undefined);
      const events = messages.flatMap((message) =>
        message.kind === 'bytes' ? (JSON.parse(Buffer.from(message.bytes).toString()) as StoredEvent[]) : [],
      );
      const last = events.at(-1);
      if (last === undefined) return later;
      const cursor = { epoch: last.epoch, upTo: last.seq, hash: last.hash };
      claimed.set(`${address.site}/${address.line}`, { ...address, cursor, storedAtMs: nowMs });
      return { cursor, stored: [], already: 0, missing: false, refusals: [], lastRefused: null };
    },
    cursors: async () => (claimed.size > 0 ? [...claimed.values()] : store.cursors()),
  };
}

interface StoredEvent {
  readonly epoch: string;
  readonly seq: number;
  readonly hash: string;
}

/** Private fields live on the object itself: its own methods must see it, not the proxy. */
function own(target: Ledger, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === 'function' ? value.bind(target) : value;
}
