/**
 * What the control machine of a line is given and what it asks for. The machine is pure: a shell feeds it events, one
 * after the other, and runs the effects of each in their order before it feeds the next one.
 *
 * ```
 * startControl(setup, mark, at) → ControlStep            when the edge starts
 * nextControl(setup, state, event) → ControlStep         for every event
 * controlPicture(setup, state, told) → ControlPicture    whenever a picture is published
 * ```
 *
 * What the shell has to keep to:
 * - `look` after each cycle, and at least every {@link LOOK_EVERY_MS}; `look` again just before a `request`. Without a
 *   look for {@link INPUTS_STALE_MS} nothing is known of the line, so everything but stop and hold is refused.
 * - Every `write` and `call` is answered by one `written`, every `record` that has a `step` by one `recorded`. The
 *   machine survives when they are not: each step has a bound, and what is told of a step that it gave up is ignored.
 * - `freshId` of an event is new in each event: the machine takes it as the id of a request of its own.
 */
import type { LeaseCommand, MotionCommand } from '@trame/protocol/control/control-names';
import type { CommandReason } from '@trame/protocol/control/control-events';
import type { ReplyCode } from '@trame/protocol/command';
import type { LedgerPayload } from '@trame/protocol/ledger-event';
import type { LedgerEventType } from '@trame/protocol/ledger-payloads';
import type { TagValue } from '@trame/protocol/tag';
import type { LineStateTag } from '../line-config.ts';
import type { TagRef } from '../tag-ref.ts';
import type { Instant, TagState } from '../tag-state.ts';
import type { ControlConfig } from './control-config.ts';

/** The shell looks at least so often, ms. */
export const LOOK_EVERY_MS = 500;
/** What was seen longer ago is not known any more, ms. */
export const INPUTS_STALE_MS = 3_000;

/** Everything that stays the same while an edge runs; made by `controlSetup` from line.yaml. */
export interface ControlSetup {
  readonly control: ControlConfig;
  /** Where the line says its state (`roles.line`); null: it does not. */
  readonly stateTag: LineStateTag | null;
  /** True while the circuit is open; null: it is not seen. */
  readonly emergencyStop: TagRef | null;
  /** In the order in which material meets them. */
  readonly stations: readonly StationSetup[];
  /** Of scales that can be asked: what says whether they are ready for it. */
  readonly scales: ReadonlyMap<string, ScaleSetup>;
  /** SHA-256 of the canonical JSON of each sort programme, hex, by its id: reckoned by the shell. */
  readonly programmeHashes: ReadonlyMap<string, string>;
  /** Pieces are sorted by verdicts: which programme is loaded into the sorter's table says nothing of where they go. */
  readonly getsVerdicts: boolean;
}

export interface StationSetup {
  readonly id: string;
  /** Code of {@link STATION_STATES}; null: it does not say. */
  readonly state: TagRef | null;
  /** Whether the PLC starts and stops it in its sequence: machines that move, neither people nor instruments. */
  readonly inSequence: boolean;
}

export interface ScaleSetup {
  /** Device of its keys. */
  readonly device: string;
  readonly stable: TagRef | null;
  /** True: nothing, or nearly nothing, lies on it. */
  readonly belowMin: TagRef | null;
  /** Masses that it shows. Null: it does not, so that its keys have to read back as they were written. */
  readonly gross: TagRef | null;
  readonly tare: TagRef | null;
  /** Its verification interval; null: not stated. */
  readonly intervalGrams: number | null;
}

/** What the machine reads of one device: a `DeviceState` of the process image is one. */
export interface DeviceView {
  readonly presence: 'starting' | 'online' | 'offline';
  /** Why it does not answer, in words for a person. */
  readonly reason: string | null;
  readonly tags: ReadonlyMap<string, TagState>;
}

/** How a `write` or a `call` went: as `DeviceWriter` (ports/device-writer.ts) says it. */
export type StepOutcome =
  | { readonly kind: 'confirmed'; readonly readBack: TagValue | null }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unconfirmed'; readonly readBack: TagValue | null; readonly reason: string };

export type ControlEvent =
  /** A cycle is over. The devices are read at once and not kept: they may change after. */
  | {
      readonly kind: 'look';
      readonly at: Instant;
      readonly devices: ReadonlyMap<string, DeviceView>;
      /** 32 hex digits, drawn anew. */
      readonly freshId: string;
    }
  /** Time passes without a new snapshot. */
  | { readonly kind: 'tick'; readonly at: Instant; readonly freshId: string }
  | ControlRequest
  /** The record of this step is on the disk, or the disk refused it. */
  | { readonly kind: 'recorded'; readonly at: Instant; readonly step: number; readonly stored: boolean }
  | {
      readonly kind: 'written';
      readonly at: Instant;
      readonly step: number;
      readonly outcome: StepOutcome;
    }
  /** The last `live` has ended. */
  | { readonly kind: 'lived'; readonly at: Instant; readonly outcome: StepOutcome }
  /** The edge stops: what the machine still writes is what it leaves clean, and nothing is fed after but outcomes. */
  | { readonly kind: 'end'; readonly at: Instant };

/** Somebody asks. Signature, line, freshness and the shape of `args` are checked before. */
export interface ControlRequest {
  readonly kind: 'request';
  readonly at: Instant;
  readonly id: string;
  readonly command: MotionCommand | LeaseCommand;
  /** As `CONTROL_ARGS` (protocol/control/control-args) says for this command. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Null: nobody is named; refused as not in control, unless it is stop or hold. */
  readonly actor: string | null;
  /**
   * Whether the ledger knows this request (its `request:<id>` or `ended:<id>`): then it was carried out before this
   * edge started or long ago, and is answered `already-done`.
   */
  readonly isRecorded: boolean;
}

export type ControlEffect =
  /**
   * To be recorded, in order, through the queue that waits for the disk. With a `step`: tell the outcome by `recorded`,
   * and when the disk refuses it now, leave it out of the queue, for nothing was done. Marks are kept with it.
   */
  | { readonly kind: 'record'; readonly record: ControlRecord; readonly step: number | null }
  /**
   * `expect`: what to read back when it is not the value; null: the write alone counts. Absent: the value. `settle`: nothing
   * but what is read back tells whether it was followed, so what stood there before is given its time.
   */
  | {
      readonly kind: 'write';
      readonly step: number;
      /** Request that it belongs to; null: the machine tidies up (a request bit that stands). */
      readonly request: string | null;
      readonly target: TagRef;
      readonly value: TagValue;
      readonly expect?: TagValue | null;
      readonly settle?: boolean;
    }
  | {
      readonly kind: 'call';
      readonly step: number;
      readonly request: string;
      readonly device: string;
      readonly method: string;
      readonly args: readonly TagValue[];
    }
  /** Life counter: the write alone counts (`expect: null`); answered by `lived`. It is no command: it goes on always. */
  | { readonly kind: 'live'; readonly target: TagRef; readonly value: number }
  /** Nobody waits for this write, call or record any more: a write that has not been sent is not sent. */
  | { readonly kind: 'forget'; readonly step: number }
  /**
   * Goes out at once, whatever the disk does. A request gets at most one `accepted`, then exactly one final answer; the
   * same request sent again gets the same one again. `seq` and `epoch` of the reply are those of its record, if any.
   */
  | {
      readonly kind: 'answer';
      readonly id: string;
      readonly code: ReplyCode;
      readonly reasons: readonly CommandReason[];
      readonly detail: string | null;
      readonly isFinal: boolean;
    };

/** As `LedgerRecord` (ports/ledger.ts). */
export interface ControlRecord {
  readonly type: LedgerEventType;
  /** UTC ms. */
  readonly occurredAtMs: number;
  readonly actorRef: string | null;
  readonly payload: LedgerPayload;
  readonly key: string | null;
  readonly marks: Readonly<Record<string, string>>;
}

export interface ControlStep<State> {
  readonly state: State;
  readonly effects: readonly ControlEffect[];
}

/** Names of the marks under which the machine finds, after a restart, where it was. */
export const CONTROL_MARKS = {
  holder: 'control.holder',
  mode: 'control.mode',
  programme: 'control.programme',
  /** Requests that were recorded and have not ended. */
  open: 'control.open',
} as const;

/** Number of the outlet that Trame itself led this one to, while nobody else has changed it; empty: none. */
export function binMark(outlet: string): string {
  return `control.bin.${outlet}`;
}

export function pressMark(press: string): string {
  return `control.press.${press}`;
}
