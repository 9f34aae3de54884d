/**
 * Begins a new epoch, because the ledger is a restored copy, or stands on a new machine. What the consumers had not
 * stored for certain is recorded again in it, under the same ids, so that nothing is lost and nothing counts twice.
 * The edge must be stopped; the epochs before stay in the file.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@trame/protocol/canonical-json';
import { eventHash, payloadTextHash } from '@trame/protocol/hash-chain';
import {
  EVENT_TIME_AHEAD_MAX_MS,
  EVENT_TIME_MIN_MS,
  FIRST_PREV,
  envelopeOf,
  type EventClock,
  type LedgerEnvelope,
  type LedgerEvent,
} from '@trame/protocol/ledger-event';
import type { LedgerOpened } from '@trame/protocol/ledger-payloads';
import type { Entropy } from '../ports/entropy.ts';
import type { AcknowledgedCursor, LedgerHead } from '../ports/ledger.ts';
import { ALARMS_ANEW_MARK } from '../domain/alarms/alarm-mark.ts';
import { CLOCK_MARK } from '../pipeline/clock-keeper.ts';
import { LEDGER_FILE, openLedgerFile, type LedgerFile } from './ledger-file.ts';
import { LedgerFileError } from './ledger-tables.ts';
import { refuseTornFile } from './torn-file.ts';
import { namesOf, walkLedger, type LedgerNames } from './walk-ledger.ts';

export interface ReopenOptions {
  readonly dataDir: string;
  readonly names: LedgerNames;
  /** Whose cursors decide what is recorded again. */
  readonly consumers: readonly string[];
  readonly reason: Extract<LedgerOpened['reason'], 'restored' | 'replaced'>;
  /** The clock of this machine, UTC ms. */
  readonly nowMs: number;
  readonly entropy: Entropy;
  /** False: everything is done and taken back, to say what would be. */
  readonly isForReal: boolean;
}

export interface Reopening {
  /** Of the new epoch. */
  readonly head: LedgerHead;
  readonly previous: LedgerHead;
  /** Events recorded again. */
  readonly carried: number;
  /** Of these: their dates were more than a day ahead of this machine's clock, and are now the present. */
  readonly datedAgain: number;
  /** Null: never heard of. */
  readonly cursors: readonly { readonly consumer: string; readonly cursor: AcknowledgedCursor | null }[];
}

const UNCHECKED: EventClock = { state: 'unchecked', offsetMs: null };

/** @throws {LedgerFileError} when it cannot be; nothing has changed then. @throws what SQLite says. */
export function reopenLedger(options: ReopenOptions): Reopening {
  const { dataDir, names, consumers, nowMs, isForReal } = options;
  if (nowMs < EVENT_TIME_MIN_MS)
    throw new LedgerFileError('The clock reads a date before 2020: set it first');
  const path = join(dataDir, LEDGER_FILE);
  if (!existsSync(path)) {
    const remedy =
      'put a backup there; without one there is nothing to reopen, start the edge: it begins a new one';
    throw new LedgerFileError(`There is no ledger: ${path} does not exist; ${remedy}`);
  }
  refuseTornFile(path);
  const file = openLedgerFile(path);
  try {
    refuseOthers(file, names);
    file.begin();
    const cursors = consumers.map((consumer) => ({ consumer, cursor: file.cursor(consumer) }));
    const previous = headOf(file);
    const reopened = writeEpoch(file, options, previous, firstToCarry(file, cursors));
    if (isForReal) file.commit();
    else file.rollback();
    return { ...reopened, previous, cursors };
  } finally {
    // Takes back what was not committed.
    file.close();
  }
}

function refuseOthers(file: LedgerFile, { site, line }: LedgerNames): void {
  if (file.epochs().length === 0)
    throw new LedgerFileError('The ledger has no events yet: there is nothing to go on from');
  const found = namesOf(file);
  if (found.site === site && found.line === line) return;
  throw new LedgerFileError(
    `The ledger belongs to line «${found.line}» of site «${found.site}», not to line «${line}» of site «${site}»`,
  );
}

function headOf(file: LedgerFile): LedgerHead {
  const present = file.epochs().at(-1);
  const last = file.lastPosition();
  const hash = file.hashAt(last);
  if (present === undefined || hash === null || last < present.firstPosition) {
    throw new LedgerFileError('The ledger has no events yet: there is nothing to go on from');
  }
  return { epoch: present.epoch, seq: last - present.firstPosition + 1, hash };
}

/** @returns the place after the last event that every consumer has stored for certain. */
function firstToCarry(file: LedgerFile, cursors: Reopening['cursors']): number {
  const epochs = file.epochs();
  const stored = cursors.map(({ cursor }) => {
    const epoch = epochs.find((known) => known.epoch === cursor?.epoch);
    return epoch === undefined || cursor === null ? 0 : epoch.firstPosition + cursor.upTo - 1;
  });
  return Math.min(...stored, file.lastPosition()) + 1;
}

function writeEpoch(
  file: LedgerFile,
  { names, reason, nowMs, entropy }: ReopenOptions,
  previous: LedgerHead,
  from: number,
): Pick<Reopening, 'head' | 'carried' | 'datedAgain'> {
  const epochs = file.epochs();
  const last = file.lastPosition();
  const epoch = idFrom(entropy);
  file.addEpoch({ number: epochs.length + 1, epoch, firstPosition: last + 1 });
  let head: LedgerHead = { epoch, seq: 0, hash: FIRST_PREV };
  const add = (
    envelope: Omit<LedgerEnvelope, 'epoch' | 'seq'>,
    payloadText: string | null,
    payloadHash: string,
  ) => {
    const seq = head.seq + 1;
    const hash = eventHash(head.hash, { ...envelope, epoch, seq }, payloadHash);
    const { state: clockState, offsetMs: clockOffsetMs } = envelope.clock;
    file.addEvent({
      ...envelope,
      position: last + seq,
      clockState,
      clockOffsetMs,
      payloadText,
      payloadHash,
      hash,
    });
    head = { epoch, seq, hash };
  };

  const opened: LedgerOpened = { reason, previous, countedBefore: [] };
  const openedText = canonicalJson(opened);
  const times = { occurredAt: nowMs, recordedAt: nowMs, clock: UNCHECKED };
  const begin = {
    v: 1 as const,
    ...names,
    id: idFrom(entropy),
    type: 'ledger.opened',
    ...times,
    actorRef: null,
  };
  add(begin, openedText, payloadTextHash(openedText));

  // Epochs that were opened one after the other without a consumer hold the same events again.
  const carried = new Set<string>();
  let datedAgain = 0;
  for (const step of walkLedger(file, names, from, last - from + 1)) {
    if (step.kind === 'broken') {
      const { epoch: where, seq, reason: why } = step.broken;
      throw new LedgerFileError(
        `Event ${seq} of epoch ${where} is broken (${why}): put a backup in its place first`,
      );
    }
    const { event } = step;
    if (carried.has(event.id)) continue;
    carried.add(event.id);
    const possible = withPossibleDates(event, nowMs);
    if (possible !== event) datedAgain += 1;
    const { payload, payloadHash } = possible;
    const payloadText = payload === null ? null : canonicalJson(payload);
    const isTextNew = payload !== event.payload && payloadText !== null;
    add(envelopeOf(possible), payloadText, isTextNew ? payloadTextHash(payloadText) : payloadHash);
  }
  file.setMark(ALARMS_ANEW_MARK, epoch);
  // Recorded by a clock that was days ahead: the right one is not behind it.
  if (datedAgain > 0) file.setMark(CLOCK_MARK, String(nowMs));
  return { head, carried: carried.size, datedAgain };
}

/**
 * No consumer ever takes an event from days ahead, nor anything after it: it is dated now, by a clock that nobody has
 * compared. Of what it says only the end of a period is changed, since that decides on which day it counts.
 */
function withPossibleDates(event: LedgerEvent, nowMs: number): LedgerEvent {
  const latestMs = nowMs + EVENT_TIME_AHEAD_MAX_MS;
  const fell = event.type === 'throughput.counted' ? event.payload : null;
  const { from, to } = fell ?? {};
  const isPeriodAhead = typeof to === 'number' && to > latestMs;
  if (event.occurredAt <= latestMs && event.recordedAt <= latestMs && !isPeriodAhead) return event;
  return {
    ...event,
    occurredAt: Math.min(event.occurredAt, nowMs),
    recordedAt: Math.min(event.recordedAt, nowMs),
    clock: UNCHECKED,
    payload: isPeriodAhead ? { ...fell, from: Math.min(Number(from), nowMs), to: nowMs } : event.payload,
  };
}

function idFrom(entropy: Entropy): string {
  return Buffer.from(entropy.bytes(16)).toString('hex');
}
