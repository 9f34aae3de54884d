/** What the control machine of a line remembers. */
import type { ReplyCode } from '@trame/protocol/command';
import type { CommandReason } from '@trame/protocol/control/control-events';
import type {
  CommandOutcomeName,
  CommandPhase,
  LineMode,
  MotionCommand,
} from '@trame/protocol/control/control-names';
import type { LineStateName } from '@trame/protocol/ledger-payloads';
import type { SteadyState } from '../line-events-steady.ts';
import type { Instant } from '../tag-state.ts';
import type { BinWatch } from './bin-reaction.ts';
import type { CommandArgs } from './command-targets.ts';
import type { LateStation } from './late-station.ts';
import type { Lease } from './lease.ts';
import type { Life } from './life.ts';
import type { LocalEnable } from './local-enable.ts';
import type { ModeJob } from './mode-job.ts';
import type { PlcJob } from './plc-job.ts';
import type { PressWatch } from './press-watch.ts';
import type { DownloadJob } from './programme-download.ts';
import type { ControlInputs } from './read-inputs.ts';
import type { ScaleJob } from './scale-job.ts';
import type { WriteJob } from './write-job.ts';

export interface ControlState {
  readonly inputs: ControlInputs;
  /** The line's state as seen last, and since when by the wall clock. */
  readonly lineSince: { readonly state: LineStateName; readonly sinceMs: number };
  readonly enable: LocalEnable;
  readonly lease: Lease;
  /** Of a line without a PLC that says its mode: as a person set it. */
  readonly handMode: LineMode | null;
  readonly running: Running | null;
  readonly last: Ended | null;
  /** What did not come about in the last sequence, and has not since. */
  readonly late: LateStation | null;
  /** Requests that are recorded, or on their way to it, and have not ended. */
  readonly open: readonly OpenRequest[];
  /** Oldest first: the same request sent again gets the same answer. */
  readonly answered: readonly Answered[];
  /** Number of the last step that was asked for. */
  readonly steps: number;
  readonly takeBack: TakeBack;
  readonly life: Life;
  readonly mode: SteadyState;
  readonly programme: SteadyState;
  readonly bins: ReadonlyMap<string, BinWatch>;
  readonly presses: ReadonlyMap<string, PressWatch>;
  /** Monotonic ms at which refusals of the last minute were recorded. */
  readonly refusalsAtMs: readonly number[];
}

/** One request, as it is carried out. */
export interface Running {
  readonly request: string;
  readonly command: MotionCommand;
  readonly args: CommandArgs;
  readonly actor: string | null;
  readonly by: 'person' | 'bin-full';
  readonly since: Instant;
  /** Of a stop or a hold: who asked for the same since, and shares the outcome. */
  readonly repeats?: readonly Pick<Running, 'request' | 'actor' | 'since'>[];
  readonly stage:
    /** It is being recorded: nothing is written before it is. */
    | { readonly kind: 'recording'; readonly step: number }
    | {
        readonly kind: 'working';
        readonly job: AnyJob;
        /** Write or call whose outcome is waited for. */
        readonly pending: { readonly step: number; readonly sinceMs: number } | null;
        readonly phase: CommandPhase;
        readonly station: string | null;
      };
}

export type AnyJob = PlcJob | ModeJob | WriteJob | ScaleJob | DownloadJob;

export interface Ended {
  readonly request: string;
  readonly command: MotionCommand;
  readonly outcome: CommandOutcomeName;
  readonly reasons: readonly CommandReason[];
  readonly late: string | null;
  readonly detail: string | null;
  /** Wall clock, ms. */
  readonly at: number;
}

export interface OpenRequest {
  readonly request: string;
  readonly command: MotionCommand;
  readonly actor: string | null;
  /** Wall clock, ms. */
  readonly at: number;
}

export interface Answered {
  readonly id: string;
  readonly code: ReplyCode;
  readonly reasons: readonly CommandReason[];
  readonly detail: string | null;
  /** Monotonic ms. */
  readonly atMs: number;
}

/** The request bit of a handshake, which never stays set. */
export interface TakeBack {
  /** Whether it may be set although nothing asks. */
  readonly isDue: boolean;
  /** Write that is to take it back; null: none is under way. */
  readonly step: number | null;
  /** When it was written last, monotonic ms. */
  readonly atMs: number;
}

/** A request that is recorded or being carried out waits at most so long for one outcome, ms. */
export const OUTCOME_WITHIN_MS = 10_000;
/** A ledger that does not answer for so long has not recorded it, ms. */
export const RECORD_WITHIN_MS = 5_000;
