/** How one act gets into the ledger: decided, asked of the line, decided anew when the line knew more, seen to arrive. */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import { MATERIAL_RECORD } from '@trame/protocol/material/material-record';
import type { CommandOutcome, CommandSender } from '../commands/command-sender.ts';
import type { LineAddress } from '../ledger/judge-event.ts';
import type { LedgerNews } from '../ledger/ledger-news.ts';
import type { Records } from '../records/open-records.ts';
import { toldFindings } from '../sort-programmes/told-findings.ts';
import { problem, type ActDecision, type ActOrder, type ActOutcome } from './act-order.ts';
import { noteAttempt, type Claimed, type Decided } from './act-requests.ts';
import { sizeRefusal } from './act-size.ts';
import type { Refused } from './decision.ts';
import { eventsStored, ledgerSeen, type LedgerSeen } from './ledger-seen.ts';

/** Decided so often; then the line changes faster than anybody can decide. */
export const ATTEMPTS_MAX = 5;
/** How long what the line recorded may take to come back, ms. */
export const SHOWN_WITHIN_MS = 10_000;
/** So long without news of a line that was ahead: what was on its way has come, ms. */
const QUIET_MS = 200;

export interface RecordingOptions {
  readonly records: Records;
  readonly sender: Pick<CommandSender, 'send' | 'again'>;
  readonly news: LedgerNews;
  readonly signal: AbortSignal;
  readonly monotonicMs: () => number;
}

/** Decides on what the records say now. */
export type DecideNow = () => Promise<ActDecision>;

export interface Recorded {
  readonly kind: 'recorded';
  readonly decided: Decided;
  readonly answer: ActAnswer;
}

type Pending = Extract<Claimed, { kind: 'pending' }>;
type Asked =
  | {
      readonly kind: 'asked';
      readonly decided: Decided;
      readonly seen: LedgerSeen;
      readonly outcome: CommandOutcome;
    }
  | { readonly kind: 'over'; readonly outcome: ActOutcome | Recorded };

/**
 * An attempt that was asked before is asked again as it was, never decided anew: it may have been recorded. Only what
 * the line calls stale is sure not to be.
 */
export async function recordAct(
  options: RecordingOptions,
  order: ActOrder,
  claimed: Pending,
  keeper: LineAddress,
  decideNow: DecideNow,
): Promise<ActOutcome | Recorded> {
  const { attempt: first } = claimed;
  for (let attempt = first; attempt < first + ATTEMPTS_MAX; attempt += 1) {
    const before = attempt === first ? claimed.decided : null;
    const asked = await ask(options, order, attempt, before, keeper, decideNow);
    if (asked.kind === 'over') return asked.outcome;
    const { decided, outcome, seen } = asked;
    if (outcome.kind !== 'replied') return unanswered(outcome);
    const { code, detail, seq, epoch } = outcome.reply;
    if (code === 'done' || code === 'already-done') {
      if (seq === null || epoch === null) throw new Error(`${code} without the number of an event`);
      return shown(options, decided, epoch, seq);
    }
    if (code !== 'stale') return notRecorded(code, detail);
    await noteAttempt(options.records, order.key, attempt + 1, null);
    if (!(await caughtUp(options, decided, seen))) {
      return problem('not-recorded', 'What the line recorded before has not come yet.');
    }
  }
  return problem('busy', `The line recorded something else each time, ${ATTEMPTS_MAX} times.`);
}

async function ask(
  { records, sender }: RecordingOptions,
  order: ActOrder,
  attempt: number,
  before: Decided | null,
  keeper: LineAddress,
  decideNow: DecideNow,
): Promise<Asked> {
  const idempotencyKey = `material:${order.key}:${attempt}`;
  if (before !== null) {
    const seen = await ledgerSeen(records, before);
    const outcome = await sender.again(idempotencyKey);
    if (outcome !== null) return { kind: 'asked', decided: before, seen, outcome };
  }
  // Before the decision reads anything: what comes in between makes it stale, never wrong.
  const seen = await ledgerSeen(records, keeper);
  const decision = await decideNow();
  if (decision.kind === 'refused') return { kind: 'over', outcome: decision };
  const asked = askFor(decision, keeper, seen);
  if (asked.kind === 'refused') return { kind: 'over', outcome: asked };
  const { decided, command, args } = asked;
  if (decided.events === 0)
    return { kind: 'over', outcome: { kind: 'recorded', decided, answer: answerOf(decided, []) } };
  await noteAttempt(records, order.key, attempt, decided);
  const { login } = order;
  const { site, line } = decided;
  const outcome = await sender.send({ site, line, login, idempotencyKey, command, args });
  return { kind: 'asked', decided, seen, outcome };
}

type AskFor =
  | Refused
  | {
      readonly kind: 'ask';
      readonly decided: Decided;
      readonly command: string;
      readonly args: Readonly<Record<string, unknown>>;
    };

function askFor(decision: Exclude<ActDecision, Refused>, keeper: LineAddress, seen: LedgerSeen): AskFor {
  if (decision.kind === 'command') {
    const { id, line, command, args } = decision;
    const decided = { id, number: null, warnings: [], site: keeper.site, line, events: 1 };
    return { kind: 'ask', decided, command, args };
  }
  const { id, number, drafts, warnings, findings } = decision;
  const tooMuch = sizeRefusal(decision);
  if (tooMuch !== null) return tooMuch;
  const told = findings === undefined ? {} : { findings };
  const decided = { id, number, warnings, ...told, ...keeper, events: drafts.length };
  return { kind: 'ask', decided, command: MATERIAL_RECORD, args: { seen, records: drafts } };
}

/** Recorded for good; answered once everybody can read it. */
async function shown(
  { records, news, signal }: RecordingOptions,
  decided: Decided,
  epoch: string,
  seq: number,
): Promise<ActOutcome | Recorded> {
  const place = { ...decided, epoch, seq, count: decided.events };
  const ids = await news.until(() => eventsStored(records, place), SHOWN_WITHIN_MS, signal);
  if (ids === null) return problem('no-reply', 'It is recorded, and not shown yet: ask again.');
  return { kind: 'recorded', decided, answer: answerOf(decided, ids) };
}

function answerOf({ id, number, warnings, findings }: Decided, events: readonly string[]): ActAnswer {
  const told = findings === undefined ? {} : { findings: toldFindings(findings) };
  return { id, number, events: [...events], warnings: [...warnings], ...told, replayed: false };
}

/** Waits until the records know more than the decision did, and nothing more comes at once. */
async function caughtUp(
  { records, news, signal, monotonicMs }: RecordingOptions,
  address: LineAddress,
  seen: LedgerSeen,
): Promise<boolean> {
  const lateAt = monotonicMs() + SHOWN_WITHIN_MS;
  const moved = async () => (isSame(await ledgerSeen(records, address), seen) ? null : true);
  if ((await news.until(moved, SHOWN_WITHIN_MS, signal)) === null) return false;
  while (monotonicMs() < lateAt && (await news.after(news.told, QUIET_MS, signal))) continue;
  return true;
}

function isSame(a: LedgerSeen, b: LedgerSeen): boolean {
  return a?.epoch === b?.epoch && a?.seq === b?.seq;
}

function unanswered(outcome: Exclude<CommandOutcome, { kind: 'replied' }>): ActOutcome {
  switch (outcome.kind) {
    case 'busy':
      return problem('busy');
    case 'no-reply':
      return problem(
        'no-reply',
        'The line does not answer; the same key asks again, and nothing is done twice.',
      );
    case 'key-reused':
      throw new Error('the key of an attempt was used for another request');
    case 'edge-silent':
      throw new Error('what records material does not expire');
  }
}

/** The line understood and says no, or it cannot now: then the same key may ask again. */
function notRecorded(code: string, detail: string | null): ActOutcome {
  const words = detail === null ? code : `${code}: ${detail}`;
  return problem(code === 'refused' || code === 'invalid-args' ? 'refused' : 'not-recorded', words);
}
