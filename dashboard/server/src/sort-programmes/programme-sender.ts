/** Tells edges which sort programme was approved, over the broker; each line is told one thing after the other. */
import { PROGRAMME_ACTIVATE } from '@trame/protocol/classification/item-requests';
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

export class ProgrammeSender implements ProgrammeCarrier {
  readonly #options: ProgrammeSenderOptions;
  /** What each line is being told, by line; a later programme never overtakes an earlier one. */
  readonly #turns = new Map<string, Promise<CarryOutcome>>();

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
    const turn = this.#inTurn(to, () => this.#ask(to, programme, hash, approval));
    return lastHeartbeat(board, to, clock.nowMs()) === null ? { kind: 'no-reply' } : turn;
  }

  /** Resolves once nothing is on its way. What lines are asked is their sender's to give up. */
  async stop(): Promise<void> {
    await Promise.all(this.#turns.values());
  }

  /** It never rejects: who asked may be answered before. */
  #inTurn({ site, line }: CarriedTo, ask: () => Promise<CarryOutcome>): Promise<CarryOutcome> {
    const key = JSON.stringify([site, line]);
    const turn = this.#after(this.#turns.get(key), ask).catch((error: unknown): CarryOutcome => {
      this.#options.log.error({ err: error, site, line }, 'a line could not be asked to follow a programme');
      return { kind: 'no-reply' };
    });
    this.#turns.set(key, turn);
    return turn;
  }

  async #after(before: Promise<CarryOutcome> | undefined, ask: () => Promise<CarryOutcome>) {
    await before;
    return ask();
  }

  async #ask(
    { site, line }: CarriedTo,
    programme: SortProgramme,
    hash: string,
    approval: string,
  ): Promise<CarryOutcome> {
    const outcome = await this.#options.sender.send({
      site,
      line,
      login: SERVER_LOGIN,
      idempotencyKey: carryKey({ line, hash, approval }),
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

function carried(outcome: CommandOutcome): CarryOutcome {
  if (outcome.kind !== 'replied') return { kind: 'no-reply' };
  const { code, detail, refusal } = outcome.reply;
  if (code === 'done' || code === 'already-done') return { kind: 'taken' };
  if (refusal === 'not-sorting' || code === 'unknown-command') return { kind: 'not-needed' };
  return { kind: 'refused', code: refusal ?? code, detail };
}
