/**
 * Notification messages carry numbers without gaps (OPC 10000-4 §5.14.1.4). A server with several threads may
 * answer out of order; a message that never comes means lost changes, and a value that looks live but is not.
 * Pure: `accept` gives the next state and what may be delivered now.
 */

export interface Ordering<M> {
  /** Number of the last delivered message; null before the first. */
  readonly last: number | null;
  /** Messages that came too early. */
  readonly held: ReadonlyMap<number, M>;
}

export interface Accepted<M> {
  readonly ordering: Ordering<M>;
  /** In order. */
  readonly deliver: readonly M[];
}

/** More than this many early messages mean that the missing one is lost. */
export const HELD_MAX = 16;
const SEQUENCE_MAX = 0xffff_ffff;

export function unordered<M>(): Ordering<M> {
  return { last: null, held: new Map() };
}

export function accept<M>(ordering: Ordering<M>, sequence: number, message: M): Accepted<M> {
  if (ordering.last !== null && sequence !== successor(ordering.last)) {
    if (isBehind(sequence, ordering.last)) return { ordering, deliver: [] };
    const held = new Map(ordering.held).set(sequence, message);
    return { ordering: { last: ordering.last, held }, deliver: [] };
  }
  if (ordering.held.size === 0)
    return { ordering: { last: sequence, held: ordering.held }, deliver: [message] };
  return release(sequence, message, ordering.held);
}

/** Zero is never used: after the highest number comes one. */
function successor(sequence: number): number {
  return sequence === SEQUENCE_MAX ? 1 : sequence + 1;
}

/** Numbers wrap, so the shorter way round decides which of two is older. */
function isBehind(sequence: number, last: number): boolean {
  const ahead = (sequence - last + SEQUENCE_MAX) % SEQUENCE_MAX;
  return ahead === 0 || ahead > SEQUENCE_MAX / 2;
}

function release<M>(sequence: number, message: M, waiting: ReadonlyMap<number, M>): Accepted<M> {
  const held = new Map(waiting);
  const deliver = [message];
  let last = sequence;
  for (let next = held.get(successor(last)); next !== undefined; next = held.get(successor(last))) {
    last = successor(last);
    held.delete(last);
    deliver.push(next);
  }
  return { ordering: { last, held }, deliver };
}
