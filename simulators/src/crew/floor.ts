/** What the crew asks the hands of a hand line to do next. */
import type { ContainerView, HandView, ScaleView } from '../hand-view.ts';
import { isDrying, nextDried } from './notice-drying.ts';
import { maxOutbox, type Json, type Memory } from './memory.ts';

export interface HandMove {
  readonly does: 'put-on-scale' | 'take-off' | 'put-on-line' | 'dispatch';
  readonly body: { readonly [key: string]: Json };
  /** The container that goes back on its truck with this move. */
  readonly refuses: ContainerView | null;
}

/**
 * A truck is begun when no more containers than these stand in the hall, and then emptied: none is sorted before all of
 * its delivery was weighed, so a hall that is full of half a delivery would wait for ever.
 */
const hallBeforeTruck = 6;

/** Every second wet container is turned away. */
export function isRefused(container: Pick<ContainerView, 'id' | 'wet'>): boolean {
  return container.wet && Number(container.id.slice(2)) % 2 === 0;
}

function move(
  does: HandMove['does'],
  body: HandMove['body'],
  refuses: ContainerView | null = null,
): HandMove {
  return { does, body, refuses };
}

/** Something stands on the scale: it is taken off once its weight was read. */
function clear(scale: ScaleView, turnedAway: ContainerView | null): HandMove {
  const to = turnedAway === null ? 'in' : 'truck';
  return move('take-off', { scale: scale.id, to }, turnedAway);
}

/** What goes onto an empty scale: outputs first, for press and packing wait for their place. */
function fill(view: HandView, memory: Memory, scale: ScaleView): HandMove | null {
  const isLast = scale.id === view.scales.at(-1)?.id;
  const output = isLast ? view.finished[0] : undefined;
  if (output !== undefined) return move('put-on-scale', { what: output.id, scale: scale.id });
  const isFirst = scale.id === view.scales[0]?.id;
  const dried = isFirst ? nextDried(view, memory) : null;
  if (dried !== null) return move('put-on-scale', { what: dried.id, scale: scale.id });
  const truck = view.deliveries.find(({ containers }) => containers.length > 0);
  const container = truck?.containers[0];
  if (!isFirst || truck === undefined || container === undefined) return null;
  const isBegun = truck.containers.length < truck.containerCount;
  if (!isBegun && view.hall.length > hallBeforeTruck) return null;
  return move('put-on-scale', { what: container.id, scale: scale.id });
}

/**
 * The moves of this moment, in order. Containers go on a table only once their delivery was written down, so that
 * nothing is on the line that is not in the book; wet ones once they are dry.
 * @param weighed containers that stand on a scale, as they stood on their truck.
 * @param isRead scales whose stored weight was read.
 */
export function nextMoves(
  view: HandView,
  memory: Memory,
  weighed: ReadonlyMap<string, ContainerView>,
  isRead: ReadonlySet<string>,
): HandMove[] {
  const moves: HandMove[] = [];
  const isBehind = memory.outbox.length >= maxOutbox;
  for (const scale of view.scales) {
    const container = scale.what === null ? undefined : weighed.get(scale.what);
    const refused =
      container !== undefined && isRefused(container) ? { ...container, weighed: scale.stored } : null;
    if (scale.what !== null) {
      if (isRead.has(scale.id)) moves.push(clear(scale, refused));
      continue;
    }
    const next = isBehind ? null : fill(view, memory, scale);
    if (next !== null) moves.push(next);
  }
  const ready = view.hall.filter((container) => {
    return memory.closed.includes(container.delivery) && !isDrying(container, memory);
  });
  for (const table of view.tables) {
    if (table.container !== null) continue;
    const container = ready.shift();
    if (container === undefined) break;
    moves.push(move('put-on-line', { what: container.id, table: table.number }));
  }
  for (const name of memory.carry) moves.push(move('dispatch', { what: name }));
  return moves;
}
