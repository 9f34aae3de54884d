/** How a line is controlled (`control:` of line.yaml), checked and with defaults filled in. Durations in ms. */
import type { LineMode, MotionCommand } from '@trame/protocol/control/control-names';
import type { Condition } from '../condition.ts';
import type { TagRef } from '../tag-ref.ts';

/** Commands that a PLC knows; Trame's `line.reset` is `clear` of an aborted line, `reset` of another. */
export const PLC_COMMANDS = ['reset', 'start', 'stop', 'hold', 'unhold', 'clear'] as const;
export type PlcCommand = (typeof PLC_COMMANDS)[number];

export interface ControlConfig {
  /** Where the sequence runs; null: people start and stop this line by hand, nothing is set in motion. */
  readonly plc: PlcConfig | null;
  readonly interlocks: readonly InterlockConfig[];
  readonly setpoints: readonly SetpointConfig[];
  readonly sorter: SorterConfig | null;
  readonly bins: readonly BinConfig[];
  readonly presses: readonly PressConfig[];
  /** Scales that can be asked: writes of the scale's device. */
  readonly scales: readonly ScaleControlConfig[];
}

export interface PlcConfig {
  readonly device: string;
  readonly channel: CommandChannel;
  readonly mode: {
    readonly tag: TagRef;
    /** Where a mode is asked for: a writable tag, or a method of the device; null: the mode is only seen. */
    readonly ask:
      | { readonly kind: 'tag'; readonly tag: TagRef }
      | { readonly kind: 'method'; readonly method: string }
      | null;
    readonly numbers: Readonly<Partial<Record<LineMode, number>>>;
  } | null;
  /** True: the switch stands on remote. Null: it has none. */
  readonly remote: TagRef | null;
  /** True while it is pressed. Null: it has none, so start and unhold are refused. */
  readonly localEnable: TagRef | null;
  /** How long a pressed enable counts, ≤ 10 s. */
  readonly enableWithinMs: number;
  /** True while the hard-wired warning sounds; null: it is not seen. */
  readonly warning: { readonly tag: TagRef; readonly atLeastMs: number } | null;
  /** Trame's own life counter, written so often; the PLC's reaction is stated in words. */
  readonly life: { readonly write: TagRef; readonly everyMs: number; readonly reaction: string } | null;
  /** Longest time for one station to come after the one before it (downstream first at a start, upstream first at a stop). */
  readonly stationWithinMs: number;
}

export type CommandChannel =
  /** Methods of OPC 30050 (PackML), by the names of the device's `methods`. */
  | { readonly kind: 'methods'; readonly methods: Readonly<Partial<Record<PlcCommand, string>>> }
  /**
   * Code, then request bit; the PLC answers with acknowledge, then done or refused, and takes them back when the request
   * falls. A bit that does not come or fall in time ends the command as failed, and the request bit is taken back.
   */
  | {
      readonly kind: 'handshake';
      readonly codes: Readonly<Partial<Record<PlcCommand, number>>>;
      readonly code: TagRef;
      readonly request: TagRef;
      readonly acknowledge: TagRef;
      readonly done: TagRef;
      readonly refused: TagRef | null;
      /** For acknowledge to come, and for the bits to fall. */
      readonly pulseMs: number;
    };

export interface InterlockConfig {
  readonly id: string;
  /** While it holds, or is not known, `forbids` are refused. */
  readonly when: Condition;
  readonly forbids: readonly MotionCommand[];
  readonly words: string;
}

export interface SetpointConfig {
  readonly id: string;
  readonly label: string;
  readonly tag: TagRef;
  readonly unit: string | null;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

export interface SortProgrammeConfig {
  readonly id: string;
  readonly label: string;
  readonly version: number;
  /** Class of the sorter → outlet; every class of {@link SorterConfig.classes}. */
  readonly routes: Readonly<Record<string, string>>;
}

export interface SorterConfig {
  readonly device: string;
  /** Classes that the sorter tells apart, in the order of its table. */
  readonly classes: readonly string[];
  /** Number of each outlet in the sorter's table. */
  readonly outlets: Readonly<Record<string, number>>;
  /** Writable: one number for each class, as text «1,3,4…» or one tag for each class. */
  readonly table: readonly TagRef[];
  readonly programme: TagRef;
  readonly version: TagRef;
  /** Where an outlet is led elsewhere: writable, number of the other outlet, 0 none. */
  readonly diverters: Readonly<Record<string, TagRef>>;
  readonly programmes: readonly SortProgrammeConfig[];
}

/** What happens when a bin is full. */
export interface BinConfig {
  readonly outlet: string;
  /** From this level on people are warned, %. */
  readonly warnPercent: number;
  readonly full: Condition;
  readonly reaction:
    | { readonly kind: 'hold' }
    | { readonly kind: 'divert'; readonly to: string }
    /** The PLC, or people, see to it. */
    | { readonly kind: 'none' };
}

/** A press is followed, never commanded: its cycle is local two-hand control. */
export interface PressConfig {
  readonly id: string;
  readonly device: string;
  readonly phase: TagRef | null;
  /** Its own count of bales, never reset. */
  readonly bales: TagRef;
  /** Number of the outlet that it holds; null: it does not say. */
  readonly outlet: TagRef | null;
  /** Outlet by that number. */
  readonly outlets: ReadonlyMap<number, string>;
}

export interface ScaleControlConfig {
  readonly scale: string;
  readonly tare: TagRef | null;
  readonly zero: TagRef | null;
}
