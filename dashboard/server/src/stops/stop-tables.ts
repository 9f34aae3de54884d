/** What the records keep of modes, of what people say of stops, and of who signed a shift: it follows from the events. */
import type { StopKind } from '@trame/protocol/stops/stop-names';
import type { LineMode } from '@trame/protocol/control/control-names';

export interface LineModeTable {
  site: string;
  line: string;
  id: string;
  at: number;
  /** Null: it says nothing known. */
  mode: LineMode | null;
}

/** What machines counted in a stretch of time, as it counts: nothing twice. */
export interface LineCountTable {
  site: string;
  line: string;
  id: string;
  fromAt: number;
  toAt: number;
  inputGrams: number;
  /** Canonical JSON: grams by outlet. */
  outlets: string;
}

/** What somebody fixed of a stop; said again, the last one counts. */
export interface StopCauseTable {
  site: string;
  line: string;
  /** Event that began it. */
  stop: string;
  cause: string;
  kind: StopKind;
  note: string;
  at: number;
  /** That said so. */
  event: string;
}

/** Who hands a shift over and who takes it over; said again, the last one counts. */
export interface ShiftSignatureTable {
  site: string;
  shift: string;
  side: 'leaving' | 'arriving';
  line: string;
  at: number;
  text: string;
  /** Opaque. */
  actorRef: string | null;
  event: string;
}

export interface StopTables {
  line_modes: LineModeTable;
  line_counts: LineCountTable;
  stop_causes: StopCauseTable;
  shift_signatures: ShiftSignatureTable;
}
