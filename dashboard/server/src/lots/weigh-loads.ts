/** The weighings of one delivery: container by container, or loose. */
import { account } from '@trame/protocol/material/accounts';
import type { LotBody } from '@trame/protocol/material/lot-acts';
import type { LotReceived } from '@trame/protocol/material/lot-events';
import { usableContainer } from '../containers/usable-container.ts';
import { weighedJustNow } from '../containers/weighed-just-now.ts';
import { refused, type ActContext, type Refused } from '../material/decision.ts';
import { resolveWeight } from '../material/resolve-weight.ts';
import { sum } from '../material/shares.ts';

type LoadSaid = LotBody['loads'][number];
type Load = LotReceived['loads'][number];

export interface WeighedLoads {
  readonly kind: 'loads';
  readonly loads: readonly Load[];
  readonly warnings: readonly string[];
}

export async function weighLoads(
  context: ActContext,
  said: readonly LoadSaid[],
): Promise<WeighedLoads | Refused> {
  const loads: Load[] = [];
  const warnings: string[] = [];
  for (const one of said) {
    const load = await weighLoad(context, one, loads);
    if (load.kind === 'refused') return load;
    loads.push(load.load);
    warnings.push(...load.warnings);
  }
  return { kind: 'loads', loads, warnings };
}

async function weighLoad(
  context: ActContext,
  { container: name, weight: body }: LoadSaid,
  before: readonly Load[],
): Promise<{ readonly kind: 'load'; readonly load: Load; readonly warnings: readonly string[] } | Refused> {
  const container = name ?? null;
  let declaredTareGrams: number | null = null;
  if (container !== null) {
    if (before.some((load) => load.container === container)) {
      return refused('weighed-just-now', `container «${container}» is in this delivery twice`, { container });
    }
    const free = await freeContainer(context, container);
    if (free.kind === 'refused') return free;
    declaredTareGrams = free.tareGrams;
  }
  const resolved = await resolveWeight(context, body, { tareGrams: declaredTareGrams, use: 'reception' });
  if (resolved.kind === 'refused') return resolved;
  const { grossGrams, tareGrams, netGrams, weight, warnings } = resolved;
  const claims = weight.weighing;
  const doubled = claims !== null && before.some((load) => load.weight.weighing === claims);
  if (doubled && body.how === 'scale') {
    return refused('weighing-claimed', `weighing «${claims}» is that of another load of this delivery`, {
      weighing: claims,
      by: 'this delivery',
    });
  }
  // A typed figure means a weighing that no other load of the delivery is.
  const own = doubled ? { ...weight, weighing: null } : weight;
  return {
    kind: 'load',
    load: { container, grossGrams, tareGrams, netGrams, weight: own },
    warnings,
  };
}

/** A container that holds nothing by the book, and that nobody weighed a moment ago. */
async function freeContainer(
  context: ActContext,
  container: string,
): Promise<{ readonly kind: 'free'; readonly tareGrams: number } | Refused> {
  const usable = await usableContainer(context.book, container);
  if (usable.kind === 'refused') return usable;
  const justNow = weighedJustNow(usable.row, context.occurredAt);
  if (justNow !== null) return justNow;
  const grams = sum(await context.book.contents(account('container', container)));
  if (grams > 0) {
    return refused('not-empty', `container «${container}» still holds ${grams} g: empty it first`, {
      container,
      grams,
    });
  }
  return { kind: 'free', tareGrams: usable.row.tareGrams };
}
