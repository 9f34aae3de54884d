/**
 * Order of a node's messages (Sparkplug B 3.0 §6.4.30 seq, §5.8 reordering): numbers run 0…255 and around; a
 * message that comes too early is held until the missing ones have come.
 */
import { HELD_MESSAGES_MAX } from './limits.ts';

const SEQ_MODULO = 256;

export interface Sequence<M> {
  /** The number that the next message must have. */
  readonly next: number;
  /** Messages that came too early, by their number. */
  readonly held: ReadonlyMap<number, M>;
}

export interface SequenceStep<M> {
  readonly sequence: Sequence<M>;
  /** Messages that may be read now, in order. */
  readonly ready: readonly M[];
  /** True when too many are held: waiting longer cannot help. */
  readonly overflow: boolean;
}

/** @returns the order after a node birth that carried `birthSeq`. */
export function sequenceAfterBirth<M>(birthSeq: number): Sequence<M> {
  return { next: (birthSeq + 1) % SEQ_MODULO, held: new Map() };
}

/** @returns which messages are in order now that this one has come. */
export function takeInOrder<M>(sequence: Sequence<M>, seq: number, message: M): SequenceStep<M> {
  if (seq !== sequence.next) {
    const held = new Map(sequence.held).set(seq, message);
    return { sequence: { next: sequence.next, held }, ready: [], overflow: held.size > HELD_MESSAGES_MAX };
  }
  if (sequence.held.size === 0) {
    return {
      sequence: { next: (seq + 1) % SEQ_MODULO, held: sequence.held },
      ready: [message],
      overflow: false,
    };
  }
  const held = new Map(sequence.held);
  const ready = [message];
  let next = (seq + 1) % SEQ_MODULO;
  for (let early = held.get(next); early !== undefined; early = held.get(next)) {
    ready.push(early);
    held.delete(next);
    next = (next + 1) % SEQ_MODULO;
  }
  return { sequence: { next, held }, ready, overflow: false };
}
