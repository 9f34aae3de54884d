/** Alarms of a line (`alarms:` of line.yaml), checked and with defaults filled in. Durations in ms. */
import type { AlarmPriority, AlarmSource } from '@trame/protocol/alarms/alarm-names';
import type { Condition } from '../condition.ts';

export interface AlarmConfig {
  readonly id: string;
  readonly priority: AlarmPriority;
  readonly label: string;
  readonly cause: string;
  readonly consequence: string;
  readonly response: string;
  readonly source: AlarmSource;
  /** Of source `tag`. */
  readonly when: Condition | null;
  /** Of other sources: which device, scale, station, consumer; null: the edge itself. */
  readonly of: string | null;
  /** Of `throughput-low`: kg/h below which it comes up; of `certificate`: days before the end. */
  readonly limit: number | null;
  /** A value that came up goes back only when it is that far on the good side, in the tag's unit. */
  readonly deadband: number;
  readonly onDelayMs: number;
  readonly offDelayMs: number;
  readonly latching: boolean;
  /** Says nothing while one of these holds (suppressed by design). */
  readonly unless: readonly Condition[];
  readonly group: string | null;
  readonly station: string | null;
  readonly device: string | null;
}
