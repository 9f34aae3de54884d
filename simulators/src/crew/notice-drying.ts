/** Wet containers dry in the hall, are weighed again, and what the scale does not find any more is water. */
import type { ContainerView, HandView } from '../hand-view.ts';
import { actOf } from './draft.ts';
import type { Memory, WetContainer } from './memory.ts';

/** Containers that dry at once; with more of them the first is sorted damp. */
const maxDrying = 4;
/** Less than this is within what the scale may err. */
const leastLossKg = 0.3;

function inHall({ hall }: HandView, wet: WetContainer): ContainerView | null {
  return hall.find(({ id, delivery }) => id === wet.container && delivery === wet.delivery) ?? null;
}

function isWeighedAgain(container: ContainerView, { weighed }: WetContainer): boolean {
  const now = container.weighed;
  return now !== null && (now.scale !== weighed.scale || now.alibi !== weighed.alibi);
}

/** Whether it stays in the hall until it is dry and was weighed. */
export function isDrying(container: ContainerView, memory: Memory): boolean {
  return memory.wet.some(({ container: id, delivery }) => {
    return id === container.id && delivery === container.delivery;
  });
}

/** A container that is dry now, or must make room, and is to be weighed again. Null: none is. */
export function nextDried(view: HandView, memory: Memory): ContainerView | null {
  const there = memory.wet.flatMap((wet) => {
    const container = inHall(view, wet);
    return container === null || isWeighedAgain(container, wet) ? [] : [container];
  });
  return there.find(({ wet }) => !wet) ?? (there.length > maxDrying ? (there[0] ?? null) : null);
}

/** Whether it goes on drying. Puts the act into the outbox when it was weighed again. */
function goesOn(view: HandView, memory: Memory, wet: WetContainer, at: number): boolean {
  if (view.scales.some(({ what }) => what === wet.container)) return true;
  const container = inHall(view, wet);
  if (container === null) return false;
  const { weighed } = container;
  if (weighed === null || !isWeighedAgain(container, wet)) return true;
  if (wet.weighed.kg - weighed.kg < leastLossKg) return false;
  // What it belongs to has no name yet.
  if (wet.lot === null) return true;
  memory.outbox.push(
    actOf(memory, {
      key: `dry-${wet.delivery}-${wet.container}`,
      path: `/api/v1/lots/${wet.lot}/dry`,
      body: { occurredAt: at, from: `container:${wet.container}`, weight: { $weight: 0 } },
      weights: [{ weighing: weighed, tareKg: wet.tareKg }],
    }),
  );
  return false;
}

export function noticeDrying(view: HandView, memory: Memory, at: number): void {
  memory.wet = memory.wet.filter((wet) => goesOn(view, memory, wet, at));
}
