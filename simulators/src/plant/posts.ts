import { drop, isFull, ledTo } from './bins.ts';
import type { PlantInputs } from './hazards.ts';
import type { Grade } from './lot.ts';
import type { BinId } from './outlets.ts';
import type { BeltItem, Plant } from './plant-state.ts';
import { between, chance } from './random.ts';
import { isPowered } from './sequence.ts';

/**
 * Two posts where people take pieces off the belt by hand. Somebody stands there; the simulation knows no
 * more about them, and keeps no figure of a post.
 */
interface PostPlan {
  readonly xMm: number;
  readonly takes: readonly (readonly [Grade, BinId])[];
}

export const postPlans: readonly [PostPlan, PostPlan] = [
  {
    xMm: 3_000,
    takes: [
      ['creme', 'creme'],
      ['reemploi', 'reemploi'],
    ],
  },
  {
    xMm: 6_000,
    takes: [
      ['reemploi', 'reemploi'],
      ['essuyage', 'essuyage'],
    ],
  },
];

const reachMm = 900;
const recognised = 0.97;
const handling = { lowMs: 450, highMs: 950 };

function wantedOutlet(plan: PostPlan, item: BeltItem): BinId | null {
  return plan.takes.find(([grade]) => grade === item.garment.grade)?.[1] ?? null;
}

/** The first piece within reach that this post wants and recognises; each piece is judged once a post. */
function choose(plant: Plant, plan: PostPlan, bit: number): { item: BeltItem; outlet: BinId } | null {
  for (const item of plant.infeedBelt.items) {
    if (item.xMm < plan.xMm || item.xMm >= plan.xMm + reachMm || (item.seen & bit) !== 0) continue;
    const outlet = wantedOutlet(plan, item);
    if (outlet !== null && chance(plant.random.people, recognised)) return { item, outlet };
    item.seen |= bit;
  }
  return null;
}

function stepPost(plant: Plant, at: 'post1' | 'post2', bit: number, inputs: PlantInputs): void {
  const index = at === 'post1' ? 0 : 1;
  const [post, plan] = [plant.posts[index], postPlans[index]];
  if (plant.infeedBelt.items.some((item) => Math.abs(item.xMm - plan.xMm) < reachMm)) {
    post.lastItemMs = plant.timeMs;
  }
  if (post.hand !== null) {
    const outlet = ledTo(plant, post.hand.outlet);
    post.blocked = isFull(plant, outlet, inputs);
    if (plant.timeMs < post.hand.doneMs || post.blocked) return;
    drop(plant, outlet, post.hand.garment);
    post.hand = null;
  }
  if (!isPowered(plant.plc.motions, at)) return;
  const taken = choose(plant, plan, bit);
  if (taken === null) return;
  plant.infeedBelt.items.splice(plant.infeedBelt.items.indexOf(taken.item), 1);
  const doneMs = plant.timeMs + between(plant.random.people, handling.lowMs, handling.highMs);
  // In the hand it has not dried on the belt to the end: the surplus stays in, and is counted in the bin.
  post.hand = { garment: taken.item.garment, outlet: taken.outlet, doneMs };
}

export function stepPosts(plant: Plant, inputs: PlantInputs): void {
  stepPost(plant, 'post1', 1, inputs);
  stepPost(plant, 'post2', 2, inputs);
}

/** Grams in people's hands. */
export function handsMassG(plant: Plant): number {
  return plant.posts.reduce((sum, post) => sum + (post.hand?.garment.massG ?? 0), 0);
}
