/** Tells edges which sort programme was approved, over the broker; each line is told one thing after the other. */
import { PROGRAMME_ACTIVATE } from '@trame/protocol/classification/item-requests';
import type { ReplyCode } from '@trame/protocol/command';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import type { CommandOutcome, CommandSender } from '../commands/command-sender.ts';
import { lastHeartbeat } from '../commands/last-heartbeat.ts';
import type { HeartbeatBoard } from '../ledger/heartbeat-board.ts';
import { hasEdge } from '../ledger/known-edge.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { CarriedTo, CarryOutcome, ProgrammeCarrier } from '../ports/programme-carrier.ts';
import type { Records } from '../records/open-records.ts';

/** Nobody signs in under it: logins hold no colon. */
const SERVER_LOGIN = 'server:programmes';

export interface ProgrammeSenderOptions {
  readonly records: Records;
  readonly sender: Pick<CommandSender, 'send'>;
  readonly board: Pick<HeartbeatBoard, 'of'>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Turn {
  /** By {@link carryKey}. */
  readonly key: string;
  readonly outcome: Promise<CarryOutcome>;
}

export class ProgrammeSender implements ProgrammeCarrier {
  readonly #options: ProgrammeSenderOptions;
  /** What each line is being told, by line; a later programme never overtakes an earlier one. */
  readonly #turns = new Map<string, Turn>();

  constructor(options: ProgrammeSenderOptions) {
    this.#options = options;
  }

  /**
   * A line that is not heard is not waited for: it is asked all the same, which is noted, and told again when it is back.
   */
  async send(to: CarriedTo, programme: SortProgramme, hash: string, approval: string): Promise<CarryOutcome> {
    const { records, board, clock } = this.#options;
    if (programmeHash(programme) !== hash) {
      return { kind: 'refused', code: 'unknown-programme', detail: 'it does not have that hash' };
    }
    // Where no edge was ever heard of, people sort by what they read.
    if (!(await hasEdge(records, board, to))) return { kind: 'not-needed' };
    const key = carryKey({ line: to.line, hash, approval });
    const outcome = this.#inTurn(to, key, () => this.#ask(to, programme, key));
    return lastHeartbeat(board, to, clock.nowMs()) === null ? { kind: 'no-reply' } : outcome;
  }

  /** Resolves once nothing is on its way. What lines are asked is their sender's to give up. */
  async stop(): Promise<void> {
    await Promise.all([...this.#turns.values()].map(({ outcome }) => outcome));
  }

  /** What is on its way is not asked twice. It never rejects: who asked may be answered before. */
  #inTurn({ site, line }: CarriedTo, key: string, ask: () => Promise<CarryOutcome>): Promise<CarryOutcome> {
    const place = JSON.stringify([site, line]);
    const before = this.#turns.get(place);
    if (before?.key === key) return before.outcome;
    const outcome = this.#after(before?.outcome, ask)
      .catch((error: unknown): CarryOutcome => {
        this.#options.log.error(
          { err: error, site, line },
          'a line could not be asked to follow a programme',
        );
        return { kind: 'no-reply' };
      })
      .finally(() => {
        if (this.#turns.get(place)?.outcome === outcome) this.#turns.delete(place);
      });
    this.#turns.set(place, { key, outcome });
    return outcome;
  }

  async #after(before: Promise<CarryOutcome> | undefined, ask: () => Promise<CarryOutcome>) {
    await before;
    return ask();
  }

  async #ask(
    { site, line }: CarriedTo,
    programme: SortProgramme,
    idempotencyKey: string,
  ): Promise<CarryOutcome> {
    const outcome = await this.#options.sender.send({
      site,
      line,
      login: SERVER_LOGIN,
      idempotencyKey,
      command: PROGRAMME_ACTIVATE,
      args: { programme },
    });
    return carried(outcome);
  }
}

/** Approved again, it is another request; sent again after a restart, it is the same. */
export function carryKey({
  line,
  hash,
  approval,
}: {
  readonly line: string;
  readonly hash: string;
  readonly approval: string;
}): string {
  return `programme.${line}.${hash}.${approval}`;
}

/** @param key of {@link carryKey}. */
export function approvalOfKey(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1);
}

/** Answers after which asking again may help: nothing was recorded for want of something that passes. */
const PASSING: readonly (string | null)[] = [
  null,
  'not-stored',
  'unknown-key',
  'bad-signature',
  'stale',
] satisfies (ReplyCode | null)[];

/** @param code what an edge answered last; null: nothing. @returns whether it is to be asked again. */
export function mayPass(code: string | null): boolean {
  return PASSING.includes(code);
}

function carried(outcome: CommandOutcome): CarryOutcome {
  if (outcome.kind !== 'replied') return { kind: 'no-reply' };
  const { code, detail, refusal } = outcome.reply;
  if (code === 'done' || code === 'already-done') return { kind: 'taken' };
  if (mayPass(code)) return { kind: 'no-reply' };
  if (refusal === 'not-sorting' || code === 'unknown-command') return { kind: 'not-needed' };
  return { kind: 'refused', code: refusal ?? code, detail };
}
