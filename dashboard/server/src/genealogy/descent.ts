/** Where the kilograms of a lot went: everything that holds or held some of them. Pure. */
import { byEnd } from './ancestry.ts';
import { isBeyond, type Edge, type LotFlow } from './lot-flow.ts';
import { scaled } from './proportion.ts';

/**
 * @param root `lot:L118`.
 * @returns of each step so many grams of what was in the root; with the places where some of it lies now.
 */
export function descentIn(flow: LotFlow, root: string): Edge[] {
  const into = byEnd(flow.edges, 'to');
  const outOf = byEnd([...flow.edges, ...flow.held], 'from');
  const reached = new Map<string, number>();
  const found: Edge[] = [];
  for (const [thing] of [...flow.order].sort(([, a], [, b]) => a - b)) {
    const out = outOf.get(thing) ?? [];
    const grams = reached.get(thing) ?? 0;
    if (thing !== root && grams <= 0) continue;
    for (const step of thing === root ? out : shareOf(out, into.get(thing) ?? [], grams)) {
      found.push(step);
      reached.set(step.to, (reached.get(step.to) ?? 0) + step.grams);
    }
  }
  return found;
}

/** Of what went out, as large a part as of what came in. */
function shareOf(out: readonly Edge[], entries: readonly Edge[], grams: number): Edge[] {
  const came = entries.reduce((sum, edge) => (isBeyond(edge.from) ? sum : sum + edge.grams), 0);
  const went = out.reduce((sum, edge) => sum + edge.grams, 0);
  if (came <= grams || came === 0) return [...out];
  return scaled(out, Math.round((went * grams) / came));
}
