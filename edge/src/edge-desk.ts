/** Composes the desk where signed requests to this edge are worked on. */
import type { AlarmSource } from '@trame/protocol/alarms/alarm-names';
import { alarmRequests } from './commands/alarm-requests.ts';
import { clockConfirm } from './commands/clock-confirm.ts';
import { CommandDesk } from './commands/command-desk.ts';
import { itemOverride } from './commands/item-override.ts';
import { materialRecord } from './commands/material-record.ts';
import { QUESTIONS_NOT_SORTING } from './commands/not-sorting.ts';
import { programmeActivate } from './commands/programme-activate.ts';
import { scaleVerify } from './commands/scale-verify.ts';
import type { LineConfig } from './domain/line-config.ts';
import type { ClockKeeper } from './pipeline/clock-keeper.ts';
import type { AlarmRequests } from './ports/alarm-requests.ts';
import type { Clock } from './ports/clock.ts';
import type { ItemOverriding } from './ports/item-overriding.ts';
import type { Ledger } from './ports/ledger.ts';
import type { Log } from './ports/log.ts';
import type { MotionDesk } from './ports/motion-desk.ts';
import type { ProgrammeFollower } from './ports/programme-follower.ts';
import type { ReadCommand } from './ports/read-command.ts';

export interface DeskOptions {
  readonly config: LineConfig;
  readonly clockKeeper: ClockKeeper;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is asked of whoever sorts pieces by their spectra. */
export interface SortingRequests {
  readonly programmes: ProgrammeFollower;
  readonly overrides: ItemOverriding;
  readonly questions: readonly ReadCommand[];
  /** A person says of what an alarm of this source watches that it is usual from now on. */
  acceptUsual(source: AlarmSource): void;
  /** Marks that a ledger which has none yet begins with. @param mark what it has under a name. */
  baselineMarks(mark: (name: string) => string | null): Readonly<Record<string, string>>;
}

/** @param motion null: nothing can be moved on this line. @param alarms null: the ledger cannot be used. @param sorting null: nobody sorts. */
export function createDesk(
  { config, clockKeeper, clock, log }: DeskOptions,
  ledger: Ledger,
  motion: MotionDesk | null,
  alarms: AlarmRequests | null,
  sorting: SortingRequests | null,
): CommandDesk {
  return new CommandDesk({
    site: config.site,
    line: config.line,
    trust: config.commands.trust,
    handlers: [
      scaleVerify({
        scales: config.roles.scales.map(({ id }) => id),
        clock,
        // Whoever weighs reads its mark in the ledger.
        onVerified: ({ scale, outcome, due }) => log.info({ scale, outcome, due }, 'a scale was verified'),
      }),
      clockConfirm({
        state: () => clockKeeper.eventClock.state,
        marks: (nowMs) => clockKeeper.confirmationMarks(nowMs),
        clock,
        onConfirmed: () => clockKeeper.confirm(),
      }),
      materialRecord(ledger, () => clockKeeper.eventClock),
      ...alarmRequests(alarms),
      programmeActivate(sorting?.programmes ?? null, clock),
      itemOverride(sorting?.overrides ?? null),
    ],
    questions: sorting?.questions ?? QUESTIONS_NOT_SORTING,
    motion,
    ledger,
    clock,
    log,
  });
}
