/** From steps of many lots to one graph of things: edges joined, grams and distance of each thing. Pure. */
import { accountKind } from '@trame/protocol/material/accounts';
import type { GraphAnswer } from '@trame/protocol/material/material-answers';
import { isBeyond, type Edge } from './lot-flow.ts';

/** A page draws no more; past that the nearest and heaviest are kept. */
const NODES_MAX = 2_000;
const EDGES_MAX = 6_000;

export type Direction = 'ancestry' | 'descent';

/** @param steps lots may tell the same step: their grams are added. */
export function graphOf(
  root: string,
  steps: readonly Edge[],
  direction: Direction,
): Omit<GraphAnswer, 'nodes'> & {
  readonly nodes: readonly Omit<GraphAnswer['nodes'][number], 'label' | 'at'>[];
} {
  const edges = joined(steps);
  const depths = distances(root, edges, direction);
  const grams = gramsOf(edges);
  const nodes = [...depths]
    .map(([id, depth]) => ({ id, kind: accountKind(id), grams: grams(id), depth }))
    .sort((a, b) => a.depth - b.depth || b.grams - a.grams || (a.id < b.id ? -1 : 1));
  const kept = nodes.slice(0, NODES_MAX);
  const ids = new Set(kept.map(({ id }) => id));
  const told = edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  const heaviest = [...told].sort((a, b) => b.grams - a.grams || (keyOf(a) < keyOf(b) ? -1 : 1));
  return {
    root,
    nodes: kept,
    edges: heaviest.slice(0, EDGES_MAX),
    truncated: nodes.length > kept.length || told.length > EDGES_MAX,
  };
}

function joined(steps: readonly Edge[]): Edge[] {
  const sums = new Map<string, Edge>();
  for (const step of steps) {
    const key = keyOf(step);
    const same = sums.get(key);
    sums.set(key, same === undefined ? step : { ...step, grams: same.grams + step.grams });
  }
  return [...sums.values()];
}

function keyOf({ from, to }: Edge): string {
  return `${from} ${to}`;
}

/** Steps of the shortest way to each thing; the root itself is at 0. */
function distances(root: string, edges: readonly Edge[], direction: Direction): Map<string, number> {
  const [here, there] = direction === 'ancestry' ? (['to', 'from'] as const) : (['from', 'to'] as const);
  const next = new Map<string, string[]>();
  for (const edge of edges) {
    const further = next.get(edge[here]);
    if (further === undefined) next.set(edge[here], [edge[there]]);
    else further.push(edge[there]);
  }
  const depths = new Map([[root, 0]]);
  // A map is walked in the order in which it is filled, the things found on the way too.
  for (const [thing, depth] of depths) {
    for (const further of next.get(thing) ?? []) if (!depths.has(further)) depths.set(further, depth + 1);
  }
  return depths;
}

/** What came in, except what only came back; of what nothing came into, what went out. */
function gramsOf(edges: readonly Edge[]): (id: string) => number {
  const came = new Map<string, number>();
  const went = new Map<string, number>();
  for (const { from, to, grams } of edges) {
    if (!isBeyond(from)) came.set(to, (came.get(to) ?? 0) + grams);
    went.set(from, (went.get(from) ?? 0) + grams);
  }
  return (id) => came.get(id) ?? went.get(id) ?? 0;
}
