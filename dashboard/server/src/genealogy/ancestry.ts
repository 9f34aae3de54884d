/** Where the kilograms of one thing came from, lot by lot and step by step. Pure. */
import { account } from '@trame/protocol/material/accounts';
import { isBeyond, type Edge, type LotFlow } from './lot-flow.ts';
import { scaled } from './proportion.ts';

/**
 * @param root an account (`output:B1042`, `lot:L118`).
 * @returns of each step so many grams of what came into the root from this lot. Of what went to a client and came back,
 * both ways are told beside it.
 */
export function ancestryIn(flow: LotFlow, root: string): Edge[] {
  const own = account('lot', flow.lot);
  const into = byEnd(flow.edges, 'to');
  const needed = new Map<string, number>([[root, cameIn(flow, into, own, root)]]);
  const found: Edge[] = [];
  for (const thing of latestFirst(flow)) {
    const grams = needed.get(thing) ?? 0;
    if (grams <= 0) continue;
    const entries = into.get(thing) ?? [];
    const steps = thing === own ? originsOf(flow, own) : entries.filter(({ from }) => !isBeyond(from));
    for (const step of scaled(steps, grams)) {
      found.push(step);
      needed.set(step.from, (needed.get(step.from) ?? 0) + step.grams);
    }
    found.push(...roundTrips(entries, into, thing, grams));
  }
  return found;
}

function cameIn(
  flow: LotFlow,
  into: ReadonlyMap<string, readonly Edge[]>,
  own: string,
  root: string,
): number {
  const edges = root === own ? originsOf(flow, own) : (into.get(root) ?? []);
  return edges.reduce((sum, { from, grams }) => (isBeyond(from) ? sum : sum + grams), 0);
}

function originsOf({ origins }: LotFlow, own: string): Edge[] {
  return origins.map(({ collector, grams }) => ({ from: collector, to: own, grams }));
}

/** Of what came back, how it went and how it came: at most what is looked for. */
function roundTrips(
  entries: readonly Edge[],
  into: ReadonlyMap<string, readonly Edge[]>,
  thing: string,
  grams: number,
): Edge[] {
  return entries
    .filter(({ from }) => isBeyond(from))
    .flatMap((back) => {
      const there = (into.get(back.from) ?? []).filter(({ from }) => from === thing);
      const part = Math.min(back.grams, grams);
      return [...scaled(there, part), { ...back, grams: part }];
    });
}

function latestFirst({ order }: LotFlow): string[] {
  return [...order].sort(([, a], [, b]) => b - a).map(([thing]) => thing);
}

export function byEnd(edges: readonly Edge[], end: 'from' | 'to'): Map<string, Edge[]> {
  const found = new Map<string, Edge[]>();
  for (const edge of edges) {
    const same = found.get(edge[end]);
    if (same === undefined) found.set(edge[end], [edge]);
    else same.push(edge);
  }
  return found;
}
