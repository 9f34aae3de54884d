/**
 * What is not as it should be with a line's ledger, its way to the server, and the server's own stores. Pure: one
 * overview in, troubles out, the worst first. Their words are in `trouble-words.ts`.
 */
import type { HealthOverview, LedgerRefusal, LineHealth, ServerHealth } from '@trame/protocol/health-api';
import type { Heartbeat, HeartbeatConsumer, LedgerFaultCode } from '@trame/protocol/heartbeat';
import type { SortingHealth } from '@trame/protocol/heartbeat-sorting';
import type { HistoryGap } from '@trame/protocol/dashboard-api';
import { edgeWord, lineKey, UNDER_WAY_MS, waitingEvents, type Waits } from './arrival.ts';
import { uncountedTrouble, type UncountedTrouble } from './uncounted.ts';

/** 1: act now. 2: act today. 3: good to know. */
export type Level = 1 | 2 | 3;

/** A clock this far from the server's dates events wrongly for whoever reads them beside others. */
export const CLOCK_OFF_MS = 60_000;
/** From here on the spool is nearly full: what comes next pushes out the oldest. */
export const SPOOL_NEARLY_FULL = 0.8;
/** A loss is told on top for as long as somebody may wonder about it. */
export const GAP_NEWS_MS = 24 * 3_600_000;
/** An older backup is no backup of this week's work. */
export const BACKUP_OLD_MS = 7 * 24 * 3_600_000;

/** Why a ledger is not written, though its file is not known to be damaged. */
export type NotWritten = Exclude<LedgerFaultCode, 'closed'>;

export type Trouble =
  | {
      readonly kind: 'not-written';
      readonly level: 1;
      readonly line: string;
      readonly cause: NotWritten;
      readonly unstored: number;
    }
  | { readonly kind: 'closed'; readonly level: 1; readonly line: string }
  | {
      readonly kind: 'contested';
      readonly level: 1;
      readonly line: string;
      /** Of the ledger that goes on. */
      readonly epoch: string | null;
      /** Of the other one; null: it is a copy of the first. */
      readonly other: string | null;
      readonly since: number;
    }
  | { readonly kind: 'records-lost'; readonly level: 1; readonly line: string; readonly records: number }
  | { readonly kind: 'refused'; readonly level: 1; readonly line: string; readonly refusal: LedgerRefusal }
  | {
      readonly kind: 'diverged';
      readonly level: 1;
      readonly line: string;
      readonly consumer: HeartbeatConsumer;
    }
  | {
      readonly kind: 'disk-reserve';
      readonly level: 1;
      readonly line: string;
      readonly freeBytes: number | null;
    }
  | { readonly kind: 'silent'; readonly level: 2; readonly line: string; readonly lastAt: number | null }
  | {
      readonly kind: 'waiting';
      readonly level: 2;
      readonly line: string;
      readonly events: number;
      readonly lastStoredAt: number | null;
    }
  | {
      readonly kind: 'consumer';
      readonly level: 2;
      readonly line: string;
      readonly consumer: HeartbeatConsumer;
    }
  | {
      readonly kind: 'missing';
      readonly level: 2;
      readonly line: string;
      readonly after: number;
      readonly lastStoredAt: number | null;
    }
  | { readonly kind: 'clock-behind'; readonly level: 2; readonly line: string }
  | { readonly kind: 'clock-off'; readonly level: 2; readonly line: string; readonly offsetMs: number }
  | { readonly kind: 'spool-not-written'; readonly level: 2; readonly line: string }
  | { readonly kind: 'spool-nearly-full'; readonly level: 2; readonly line: string; readonly share: number }
  | { readonly kind: 'sorting-model'; readonly level: 2; readonly line: string }
  | { readonly kind: 'sorting-programme'; readonly level: 2; readonly line: string; readonly outlet: string }
  | { readonly kind: 'items-not-stored'; readonly level: 2; readonly line: string }
  | { readonly kind: 'disk-low'; readonly level: 2; readonly line: string; readonly freeBytes: number | null }
  | UncountedTrouble
  | {
      readonly kind: 'lost';
      readonly level: 3;
      readonly line: string;
      readonly gap: HistoryGap;
      readonly count: number;
    }
  | {
      readonly kind: 'server-disk-low';
      readonly level: 2;
      readonly line: null;
      readonly freeBytes: number | null;
    }
  | { readonly kind: 'records-away'; readonly level: 1; readonly line: null }
  | { readonly kind: 'strangers'; readonly level: 3; readonly line: null; readonly refused: number }
  | { readonly kind: 'history-away'; readonly level: 2; readonly line: null; readonly buffered: number }
  | { readonly kind: 'history-lost'; readonly level: 3; readonly line: null; readonly samples: number }
  | { readonly kind: 'no-backup'; readonly level: 3; readonly line: null }
  | { readonly kind: 'old-backup'; readonly level: 3; readonly line: null; readonly at: number };

/** @returns all troubles, the worst first. */
export function troublesOf(overview: HealthOverview, waits: Waits, nowMs: number): readonly Trouble[] {
  const ofLines = named(overview.lines).flatMap((line) => lineTroubles(line, waits, nowMs));
  const { away } = overview.server.records;
  return [
    ...serverTroubles(overview.server, nowMs),
    ...ofLines.filter(({ kind }) => !(away && AWAY_ECHOES.has(kind))),
    ...strangerTroubles(overview.strangers, nowMs),
  ].toSorted((a, b) => a.level - b.level);
}

/** What comes of records that cannot be written. */
const AWAY_ECHOES: ReadonlySet<Trouble['kind']> = new Set(['waiting', 'missing', 'consumer']);

/** Lines of two sites may have one name: there the site belongs to it. */
function named(lines: readonly LineHealth[]): readonly LineHealth[] {
  const isShared = ({ line, site }: LineHealth) =>
    lines.some((other) => other.line === line && other.site !== site);
  return lines.map((line) => (isShared(line) ? { ...line, id: `${line.line} (${line.site})` } : line));
}

function strangerTroubles({ count, rows }: HealthOverview['strangers'], nowMs: number): readonly Trouble[] {
  const isNews = rows.some(({ lastAt }) => nowMs - lastAt <= GAP_NEWS_MS);
  return isNews ? [{ kind: 'strangers', level: 3, line: null, refused: count }] : [];
}

/** @returns troubles of one line, by level. */
export function lineTroubles(line: LineHealth, waits: Waits, nowMs: number): readonly Trouble[] {
  const word = edgeWord(line, nowMs);
  const said: readonly Trouble[] =
    word.kind === 'fresh'
      ? saidTroubles(line.id, word.said)
      : [{ kind: 'silent', level: 2, line: line.id, lastAt: word.kind === 'old' ? word.at : null }];
  return withoutEchoes([...said, ...storedTroubles(line, waits, nowMs)], line).toSorted(
    (a, b) => a.level - b.level,
  );
}

/**
 * One cause is told once: what waits behind a refusal, a silent edge or a consumer that stands still is its effect,
 * and so are a spool and pieces that a full disk keeps from being written. A clock that is known to be off need not be compared.
 */
function withoutEchoes(found: readonly Trouble[], line: LineHealth): readonly Trouble[] {
  if (line.chain === 'contested') return found.filter(({ kind }) => !CONTESTED_ECHOES.has(kind));
  const refused = found.some((trouble) => trouble.kind === 'refused');
  const explained = found.some(
    (trouble) =>
      trouble.kind === 'silent' ||
      trouble.kind === 'diverged' ||
      (trouble.kind === 'consumer' && trouble.consumer.upTo === line.stored.upTo),
  );
  const off = found.some((trouble) => trouble.kind === 'clock-off');
  const full = found.some(
    (trouble) =>
      trouble.kind === 'disk-reserve' || (trouble.kind === 'not-written' && trouble.cause === 'disk-full'),
  );
  return found.filter((trouble) => {
    if (trouble.kind === 'spool-not-written' || trouble.kind === 'items-not-stored') return !full;
    if (trouble.kind === 'clock-behind') return !off;
    if (trouble.kind === 'consumer') return !(refused && trouble.consumer.state !== 'silent');
    return !(trouble.kind === 'waiting' && explained);
  });
}

/** Two edges say these in turn. */
const CONTESTED_ECHOES: ReadonlySet<Trouble['kind']> = new Set([
  'diverged',
  'consumer',
  'waiting',
  'missing',
  'refused',
]);

/** What the edge itself says; only while its word is fresh. */
function saidTroubles(line: string, said: Heartbeat): readonly Trouble[] {
  const { ledger, spool, disk, clock } = said;
  const found: Trouble[] = [];
  const { code, unstored, lost } = ledger;
  if (code === 'closed') found.push({ kind: 'closed', level: 1, line });
  else if (code !== null) found.push({ kind: 'not-written', level: 1, line, cause: code, unstored });
  else if (disk.state === 'reserve') {
    found.push({ kind: 'disk-reserve', level: 1, line, freeBytes: disk.freeBytes });
  }
  if (lost > 0) found.push({ kind: 'records-lost', level: 1, line, records: lost });
  for (const consumer of ledger.consumers) found.push(...consumerTroubles(line, consumer));
  if (clock.state === 'behind') found.push({ kind: 'clock-behind', level: 2, line });
  if (clock.offsetMs !== null && Math.abs(clock.offsetMs) >= CLOCK_OFF_MS) {
    found.push({ kind: 'clock-off', level: 2, line, offsetMs: clock.offsetMs });
  }
  if (spool !== null && spool.state !== 'ok') found.push({ kind: 'spool-not-written', level: 2, line });
  else if (spool !== null && spool.bytes >= spool.maxBytes * SPOOL_NEARLY_FULL) {
    found.push({ kind: 'spool-nearly-full', level: 2, line, share: spool.bytes / spool.maxBytes });
  }
  if (said.sorting !== undefined) found.push(...sortingTroubles(line, said.sorting));
  if (disk.state === 'low') found.push({ kind: 'disk-low', level: 2, line, freeBytes: disk.freeBytes });
  return found;
}

function sortingTroubles(
  line: string,
  { model, programme, fallback, items }: SortingHealth,
): readonly Trouble[] {
  const found: Trouble[] = [];
  if (programme === null) found.push({ kind: 'sorting-programme', level: 2, line, outlet: fallback });
  if (model === null) found.push({ kind: 'sorting-model', level: 2, line });
  if (items.state !== 'ok') found.push({ kind: 'items-not-stored', level: 2, line });
  return found;
}

function consumerTroubles(line: string, consumer: HeartbeatConsumer): readonly Trouble[] {
  switch (consumer.state) {
    case 'following':
      return [];
    case 'cursor-ahead':
    case 'fork':
      return [{ kind: 'diverged', level: 1, line, consumer }];
    case 'stuck':
    case 'refusing':
      return [{ kind: 'consumer', level: 2, line, consumer }];
    case 'silent':
      return consumer.waiting === 0 ? [] : [{ kind: 'consumer', level: 2, line, consumer }];
  }
}

/** What the server knows without the edge. */
function storedTroubles(line: LineHealth, waits: Waits, nowMs: number): readonly Trouble[] {
  const found: Trouble[] = [];
  if (line.chain === 'contested') found.push(contestedTrouble(line));
  const blocking = line.refusals.find((refusal) => refusal.blocking);
  if (blocking !== undefined) found.push({ kind: 'refused', level: 1, line: line.id, refusal: blocking });
  else if (isWaiting(line, waits, nowMs)) {
    const { at: lastStoredAt, upTo } = line.stored;
    found.push(
      line.chain === 'waiting'
        ? { kind: 'missing', level: 2, line: line.id, after: upTo, lastStoredAt }
        : { kind: 'waiting', level: 2, line: line.id, events: waitingEvents(line) ?? 0, lastStoredAt },
    );
  }
  const uncounted = uncountedTrouble(line, nowMs);
  if (uncounted !== null) found.push(uncounted);
  const fresh = line.gaps.filter((gap) => nowMs - gap.to <= GAP_NEWS_MS);
  const [newest] = fresh;
  if (newest !== undefined) {
    found.push({ kind: 'lost', level: 3, line: line.id, gap: newest, count: fresh.length });
  }
  return found;
}

/** @returns the refused ledger that spoke last beside the one that goes on; null: none did. */
export function otherLedger({ chain, refusals }: LineHealth): LedgerRefusal | null {
  const offered = refusals.filter(
    ({ code, blocking }) => code === 'unknown-epoch' && (blocking || chain === 'contested'),
  );
  return offered.toSorted((a, b) => b.lastAt - a.lastAt)[0] ?? null;
}

function contestedTrouble(line: LineHealth): Trouble {
  const other = otherLedger(line);
  const copies = line.refusals.filter(({ code }) => code === 'fork').map(({ firstAt }) => firstAt);
  const since = other?.firstAt ?? Math.min(...copies, line.stored.at ?? Number.POSITIVE_INFINITY);
  const { epoch } = line.stored;
  return { kind: 'contested', level: 1, line: line.id, epoch, other: other?.epoch ?? null, since };
}

/**
 * Events that wait are told only when nothing has been stored for a while, both by the server's word and by what
 * this page has seen: after a quiet hour the first event must not look an hour late.
 */
export function isWaiting(line: LineHealth, waits: Waits, nowMs: number): boolean {
  const wait = waits.get(lineKey(line));
  if (wait === undefined || nowMs - wait.sinceMs < UNDER_WAY_MS) return false;
  return line.stored.at === null || nowMs - line.stored.at >= UNDER_WAY_MS;
}

export function serverTroubles(server: ServerHealth, nowMs: number): readonly Trouble[] {
  const { disk, records, history, lastBackup } = server;
  const found: Trouble[] = [];
  if (records.away) found.push({ kind: 'records-away', level: 1, line: null });
  if (disk.state === 'low') {
    found.push({ kind: 'server-disk-low', level: 2, line: null, freeBytes: disk.freeBytes });
  }
  if (!history.healthy)
    found.push({ kind: 'history-away', level: 2, line: null, buffered: history.buffered });
  const samples = history.overflowed + history.refused;
  if (samples > 0) found.push({ kind: 'history-lost', level: 3, line: null, samples });
  if (lastBackup === null) found.push({ kind: 'no-backup', level: 3, line: null });
  else if (nowMs - lastBackup.at > BACKUP_OLD_MS) {
    found.push({ kind: 'old-backup', level: 3, line: null, at: lastBackup.at });
  }
  return found;
}

/** What stands on top of the page. */
export type Verdict =
  | { readonly kind: 'trouble'; readonly trouble: Trouble }
  /** Nothing is wrong; these many events are on their way. */
  | { readonly kind: 'under-way'; readonly events: number }
  /** All that had happened until then (server time, ms) is stored. */
  | { readonly kind: 'arrived'; readonly untilMs: number }
  | { readonly kind: 'no-line' };

/** @param troubles of the same overview, the worst first. What is only good to know does not come on top. */
export function verdictOf(overview: HealthOverview, troubles: readonly Trouble[]): Verdict {
  const [worst] = troubles;
  if (worst !== undefined && worst.level < 3) return { kind: 'trouble', trouble: worst };
  if (overview.lines.length === 0) return { kind: 'no-line' };
  const events = overview.lines.reduce(
    (sum, line) => sum + (waitingEvents(line) ?? 0) + (line.heartbeat?.said.ledger.unstored ?? 0),
    0,
  );
  if (events > 0) return { kind: 'under-way', events };
  const heard = overview.lines.map((line) => line.heartbeat?.receivedAt ?? overview.at);
  return { kind: 'arrived', untilMs: Math.min(...heard) };
}
