/**
 * Where acts about material are done: one after the other, so that what each decides on is still so when it is
 * recorded. Whoever asks again under the same key gets the same answer, also after a restart.
 */
import type { CommandSender } from '../commands/command-sender.ts';
import type { LedgerNews } from '../ledger/ledger-news.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Records } from '../records/open-records.ts';
import { problem, type ActDecision, type ActOrder, type ActOutcome } from './act-order.ts';
import { recordAct, type RecordingOptions, type Recorded } from './act-recording.ts';
import { claimRequest, noteAnswer, type Claimed } from './act-requests.ts';
import { timeRefusal } from './act-times.ts';
import type { CheckProgramme } from './decision.ts';
import { MaterialBook } from './material-book.ts';
import type { Reference } from './reference.ts';

/** Acts that wait for their turn; one more is asked to come again. */
export const ACTS_WAITING_MAX = 128;
/** Whoever waited longer for a turn has given up, and comes again under the same key, ms. */
export const TURN_WITHIN_MS = 25_000;

export interface MaterialDeskOptions {
  readonly records: Records;
  readonly sender: Pick<CommandSender, 'send' | 'again'>;
  readonly news: LedgerNews;
  /** What is configured and known of the lines now; null: nobody said whose ledger it goes to. */
  readonly reference: () => Promise<Reference | null>;
  /** @returns the opaque reference of an account. */
  readonly actorRefOf: (login: string) => Promise<string>;
  /** Local day of the site, `YYYY-MM-DD`. */
  readonly dayOf: (atMs: number) => string;
  readonly checkProgramme: CheckProgramme;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of every act: `done`, `replayed`, the code of why not, or `failed`. */
  readonly counted: (outcome: string) => void;
  /** What follows from what was recorded, a label for one. @returns warnings; it never fails an act. */
  readonly afterwards: (recorded: Recorded, reference: Reference) => Promise<readonly string[]>;
}

export class MaterialDesk {
  readonly #options: MaterialDeskOptions;
  readonly #recording: RecordingOptions;
  readonly #stopped = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: MaterialDeskOptions) {
    this.#options = options;
    const { records, sender, news, clock } = options;
    const monotonicMs = () => clock.monotonicMs();
    this.#recording = { records, sender, news, signal: this.#stopped.signal, monotonicMs };
  }

  /** Acts that wait or are being done. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Resolves once it is recorded and shown, or it is known why it is not. @throws when the records are away. */
  async act(order: ActOrder): Promise<ActOutcome> {
    const { counted } = this.#options;
    try {
      const outcome = await this.#inTurn(order);
      counted(nameOf(outcome));
      return outcome;
    } catch (error) {
      counted('failed');
      throw error;
    }
  }

  /** Gives up what is waited for; the same keys go on after a restart. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#turn;
  }

  async #inTurn(order: ActOrder): Promise<ActOutcome> {
    if (this.#waiting >= ACTS_WAITING_MAX) return problem('busy');
    this.#waiting += 1;
    const { clock } = this.#options;
    const lateAt = clock.monotonicMs() + TURN_WITHIN_MS;
    const done = this.#turn.then(() => {
      if (this.#stopped.signal.aborted || clock.monotonicMs() > lateAt) return problem('busy');
      return this.#do(order);
    });
    // The next one's turn comes however this one ends; who asked for it is told.
    this.#turn = done.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await done;
    } finally {
      this.#waiting -= 1;
    }
  }

  async #do(order: ActOrder): Promise<ActOutcome> {
    const { records, clock, reference: findReference } = this.#options;
    const claimed = await claimRequest(records, order, clock.nowMs());
    if (claimed.kind === 'other') return problem('key-reused');
    if (claimed.kind === 'answered') return { kind: 'done', answer: { ...claimed.answer, replayed: true } };
    const reference = await findReference();
    if (reference === null) return problem('no-book-keeper');
    const keeper = { site: reference.site, line: reference.bookKeeper };
    const decideNow = () => this.#decide(order, claimed, reference);
    const outcome = await recordAct(this.#recording, order, claimed, keeper, decideNow);
    return outcome.kind === 'recorded' ? this.#answer(order, outcome, reference) : outcome;
  }

  async #decide(
    order: ActOrder,
    { askedAt }: Extract<Claimed, { kind: 'pending' }>,
    reference: Reference,
  ): Promise<ActDecision> {
    const { records, clock, dayOf, actorRefOf, checkProgramme } = this.#options;
    const nowMs = clock.nowMs();
    const book = new MaterialBook(records, reference.site);
    // Asked again later, it still happened when it was asked first.
    const occurredAt = order.occurredAt ?? Math.min(askedAt, nowMs);
    const refusal = await timeRefusal(occurredAt, nowMs, dayOf, book);
    if (refusal !== null) return refusal;
    const actorRef = await actorRefOf(order.login);
    const { site } = reference;
    return order.decide({
      site,
      book,
      reference,
      nowMs,
      actorRef,
      occurredAt,
      dayOf,
      checkProgramme,
    });
  }

  async #answer(order: ActOrder, recorded: Recorded, reference: Reference): Promise<ActOutcome> {
    const { records } = this.#options;
    const more = await this.#afterwards(recorded, reference);
    const { answer: bare } = recorded;
    const answer = { ...bare, warnings: [...new Set([...bare.warnings, ...more])] };
    await noteAnswer(records, order.key, answer);
    return { kind: 'done', answer };
  }

  async #afterwards(recorded: Recorded, reference: Reference): Promise<readonly string[]> {
    try {
      return await this.#options.afterwards(recorded, reference);
    } catch (error) {
      const { id } = recorded.decided;
      this.#options.log.error({ err: error, id }, 'what follows from a recorded act failed');
      return ['not-printed'];
    }
  }
}

function nameOf(outcome: ActOutcome): string {
  if (outcome.kind !== 'done') return outcome.code;
  return outcome.answer.replayed ? 'replayed' : 'done';
}
