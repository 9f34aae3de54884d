/** What follows from the ledgers about what lines were asked to do; made again from their events. */

/** One request, from `command.requested` and `command.ended`. */
export interface LineCommandTable {
  site: string;
  line: string;
  /** Id of the request. */
  request: string;
  /** When it was recorded first, by the best clock known. */
  at: number;
  command: string;
  /** Canonical JSON; empty object of what only its end was recorded. */
  args: string;
  askedBy: string;
  actorRef: string | null;
  /** Null: it has not ended. */
  outcome: string | null;
  /** Canonical JSON. */
  reasons: string | null;
  /** JSON; null: nothing. */
  readBack: string | null;
  late: string | null;
  detail: string | null;
  tookMs: number | null;
  endedAt: number | null;
}

/** A bale that a press gave out, one row for each event. */
export interface PressProposalTable {
  site: string;
  line: string;
  /** Of the event. */
  id: string;
  at: number;
  press: string;
  outlet: string | null;
  bales: number;
  missed: number;
}

export interface LineCommandTables {
  line_commands: LineCommandTable;
  press_proposals: PressProposalTable;
}

/** Every table here. */
export const COMMAND_PROJECTIONS = [
  'line_commands',
  'press_proposals',
] as const satisfies readonly (keyof LineCommandTables)[];
