/**
 * Tells a line when the mass that went in and out of it today differs by more than its scales may err: the server keeps
 * the balance, the edge keeps the alarm. Only lines that declare an alarm of source `reported` are told.
 */
import type { ReportAlarm } from '@trame/protocol/alarms/alarm-requests';
import type { CommandSender } from '../commands/command-sender.ts';
import type { HeavyReads } from '../material/heavy-reads.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { repeatWhateverFails } from '../ports/repeat.ts';
import type { Records } from '../records/open-records.ts';
import { dayStartMs } from '../tonnage/local-day.ts';

/** What a line calls it, with the source `reported`. */
export const RESIDUAL_ALARM = 'residu';
const LOOK_EVERY_MS = 10 * 60_000;
/** Nobody signs in under it: logins hold no colon. */
const SERVER_LOGIN = 'server:balance';
const GRAMS_PER_KG = 1_000;

export interface ResidualWatchOptions {
  readonly records: Records;
  readonly heavy: Pick<HeavyReads, 'ask'>;
  readonly sender: Pick<CommandSender, 'send'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Local day of the site, `YYYY-MM-DD`. */
  readonly dayOf: (atMs: number) => string;
}

interface WatchedLine {
  readonly site: string;
  readonly line: string;
  /** As its edge has it; null: it was never told. */
  readonly condition: boolean | null;
  /** When anything of its alarm changed last: told, withdrawn or forgotten. */
  readonly changedAt: number;
}

export class ResidualWatch {
  readonly #options: ResidualWatchOptions;
  /** What each line was told and has taken, and how its alarm was shown then: until that changes it is on its way. */
  readonly #told = new Map<string, { readonly told: boolean; readonly shown: string }>();

  constructor(options: ResidualWatchOptions) {
    this.#options = options;
  }

  /** Looks every ten minutes until the signal aborts. What fails is looked at again the next time. */
  run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    return repeatWhateverFails(clock, LOOK_EVERY_MS, signal, {
      task: () => this.look(),
      failed: (reason) => log.warn({ reason }, 'the balance of the lines could not be looked at'),
    });
  }

  async look(): Promise<void> {
    for (const watched of await this.#watched()) await this.#lookAt(watched);
  }

  async #lookAt({ site, line, condition, changedAt }: WatchedLine): Promise<void> {
    const { heavy, clock, dayOf } = this.#options;
    const nowMs = clock.nowMs();
    const fromMs = dayStartMs(dayOf(nowMs), dayOf);
    const found = await heavy.ask('lineBalance', { site, line, fromMs, toMs: nowMs + 1 });
    const key = JSON.stringify([site, line]);
    const shown = `${changedAt} ${condition}`;
    // A line whose ledger was restored says what it was told long ago.
    if (this.#told.get(key)?.shown !== shown) this.#told.delete(key);
    const known = this.#told.get(key)?.told ?? condition;
    if (known === found.alarm) return;
    const report = {
      alarm: RESIDUAL_ALARM,
      condition: found.alarm,
      value: found.residualGrams / GRAMS_PER_KG,
    };
    if (await this.#tell({ site, line }, report, nowMs)) {
      this.#told.set(key, { told: found.alarm, shown });
    }
  }

  async #tell(
    { site, line }: Pick<WatchedLine, 'site' | 'line'>,
    args: ReportAlarm,
    nowMs: number,
  ): Promise<boolean> {
    const { sender, log } = this.#options;
    const outcome = await sender.send({
      site,
      line,
      login: SERVER_LOGIN,
      idempotencyKey: `${line}.${args.alarm}.${nowMs}`,
      command: 'alarm.report',
      args,
      expires: true,
    });
    const code = outcome.kind === 'replied' ? outcome.reply.code : outcome.kind;
    if (code === 'done' || code === 'already-done') return true;
    log.info({ site, line, code }, 'a line could not be told of its residual: told again later');
    return false;
  }

  async #watched(): Promise<readonly WatchedLine[]> {
    const rows = await this.#options.records
      .selectFrom('alarms')
      .select(['site', 'line', 'condition', 'changedAt'])
      .where('declared', '=', 1)
      .where('source', '=', 'reported')
      .where('alarm', '=', RESIDUAL_ALARM)
      .orderBy('site')
      .orderBy('line')
      .execute();
    return rows.map((row) => ({ ...row, condition: row.condition === null ? null : row.condition === 1 }));
  }
}
