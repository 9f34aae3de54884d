/** States of ISA-TR88.00.02 (PackML) by the standard's numbers; those that this PLC has. */
export const packMlNumber = {
  clearing: 1,
  stopped: 2,
  starting: 3,
  idle: 4,
  suspended: 5,
  execute: 6,
  stopping: 7,
  aborting: 8,
  aborted: 9,
  holding: 10,
  held: 11,
  unholding: 12,
  suspending: 13,
  unsuspending: 14,
  resetting: 15,
} as const;
export type PackMlState = keyof typeof packMlNumber;

/** Codes of PackTags' `CntrlCmd`. Abort is the safety circuit's alone. */
export const commandCode = { reset: 1, start: 2, stop: 3, hold: 4, unhold: 5, clear: 9 } as const;
export type PlcCommand = keyof typeof commandCode;
export const plcCommands = Object.keys(commandCode) as PlcCommand[];

interface CommandPlan {
  readonly takenIn: readonly PackMlState[];
  /** The acting state that carries it out. */
  readonly by: PackMlState;
  readonly leadsTo: PackMlState;
}

/** States in which the line moves, or is about to without anybody's further word. */
export const movingStates: readonly PackMlState[] = [
  'starting',
  'execute',
  'suspending',
  'suspended',
  'unsuspending',
  'unholding',
];

export const commandPlans: Readonly<Record<PlcCommand, CommandPlan>> = {
  reset: { takenIn: ['stopped'], by: 'resetting', leadsTo: 'idle' },
  start: { takenIn: ['idle'], by: 'starting', leadsTo: 'execute' },
  stop: {
    takenIn: [...movingStates, 'resetting', 'idle', 'holding', 'held'],
    by: 'stopping',
    leadsTo: 'stopped',
  },
  hold: { takenIn: movingStates, by: 'holding', leadsTo: 'held' },
  unhold: { takenIn: ['held'], by: 'unholding', leadsTo: 'execute' },
  clear: { takenIn: ['aborted'], by: 'clearing', leadsTo: 'stopped' },
};

/** The command of a code; null when it has none. */
export function commandOf(code: number): PlcCommand | null {
  return plcCommands.find((command) => commandCode[command] === code) ?? null;
}

/** `UnitModeCurrent`: 1 to 3 are the standard's, 4 is this line's. */
export const unitMode = { production: 1, maintenance: 2, manual: 3, school: 4 } as const;
export type UnitMode = (typeof unitMode)[keyof typeof unitMode];

/** The mode changes in these states alone. */
export const modeChangesIn: readonly PackMlState[] = ['stopped', 'idle', 'aborted'];
/** In the others motors are jogged by hand at the machine, and there is no sequence to start. */
export const modesWithSequence: readonly UnitMode[] = [unitMode.production, unitMode.school];

export function unitModeOf(number: number): UnitMode | null {
  return Object.values(unitMode).find((mode) => mode === number) ?? null;
}
