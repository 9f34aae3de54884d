import type { FaultRequest } from '../scenarios/fault.ts';

/** The name under which faults lie on the printer and its port is told. */
export const printerId = 'label-printer';

/** How the printer takes what is sent to it. */
export interface PrinterBehaviour {
  /** Switched off or unplugged: connections are refused, those that exist are reset. */
  readonly refuse: boolean;
  /** Without paper it accepts a connection and takes nothing from it. */
  readonly takesNothing: boolean;
  /** It resets the connection after the first bytes, and prints nothing. */
  readonly dropsHalfway: boolean;
  /** It is done with a job this much later, in ms. */
  readonly delayMs: number;
}

const slowMs = 300;

/** What the faults that lie on the printer make of it. */
export function printerBehaviourOf(faults: readonly FaultRequest[]): PrinterBehaviour {
  const own = faults.filter(({ target }) => target === printerId);
  const has = (kind: FaultRequest['kind']) => own.some((fault) => fault.kind === kind);
  const slow = own.findLast(({ kind }) => kind === 'slow');
  return {
    refuse: has('powerCut') || has('disconnect'),
    takesNothing: has('paperOut'),
    dropsHalfway: has('dropConnection'),
    delayMs: slow === undefined ? 0 : (slow.delayMs ?? slowMs),
  };
}
