/** Ancestry of an output and descendants of a lot: graphs whose edges carry kilograms. */
import { accountKind, accountName } from '@trame/protocol/material/accounts';
import type { GraphAnswer } from '@trame/protocol/material/material-answers';
import type { Records } from '../records/open-records.ts';
import { ancestryIn } from './ancestry.ts';
import { descentIn } from './descent.ts';
import {
  allSteps,
  lotsInto,
  STEPS_MAX,
  STEPS_OF_LOT_MAX,
  stepsOfThings,
  stepsTowards,
} from './flow-repository.ts';
import { graphOf, type Direction } from './graph.ts';
import { thingFacts } from './thing-facts.ts';
import { lotFlow, type Edge, type FlowStep } from './lot-flow.ts';

export interface GenealogyAsked {
  readonly site: string;
  /** `output:B1042`, `lot:L118`. */
  readonly root: string;
}

/** Where what is, or was, in a thing came from. */
export function ancestryOf(records: Records, asked: GenealogyAsked): Promise<GraphAnswer> {
  return genealogyOf(records, asked, 'ancestry');
}

/** Where what came in with a lot is, or went. */
export function descendantsOf(records: Records, asked: GenealogyAsked): Promise<GraphAnswer> {
  return genealogyOf(records, asked, 'descent');
}

async function genealogyOf(
  records: Records,
  { site, root }: GenealogyAsked,
  direction: Direction,
): Promise<GraphAnswer> {
  const found: Edge[] = [];
  let left = STEPS_MAX;
  let isWhole = true;
  for (const lot of await lotsOf(records, site, root)) {
    const max = Math.min(STEPS_OF_LOT_MAX, left);
    let steps: FlowStep[] | null = await allSteps(records, site, lot, max);
    if (steps === null) {
      steps =
        direction === 'ancestry'
          ? await stepsTowards(records, site, lot, root, max)
          : await stepsOfThings(records, site, lot, max);
      isWhole &&= steps.length < max;
    }
    left = Math.max(0, left - steps.length);
    const flow = lotFlow(lot, steps);
    found.push(...(direction === 'ancestry' ? ancestryIn(flow, root) : descentIn(flow, root)));
  }
  const graph = graphOf(root, found, direction);
  const facts = await thingFacts(
    records,
    site,
    graph.nodes.map(({ id }) => id),
  );
  return {
    ...graph,
    edges: [...graph.edges],
    nodes: graph.nodes.map((node) => ({ ...node, ...facts(node.id) })),
    truncated: graph.truncated || !isWhole,
  };
}

/** Source lots of which something was ever in it: of a lot that came in itself, that one. */
async function lotsOf(records: Records, site: string, root: string): Promise<string[]> {
  const into = await lotsInto(records, site, root);
  if (accountKind(root) !== 'lot') return into;
  const own = accountName(root);
  const isSource = await records
    .selectFrom('postings')
    .select('n')
    .where('site', '=', site)
    .where('lot', '=', own)
    .limit(1)
    .executeTakeFirst();
  return isSource === undefined ? into : [...new Set([own, ...into])];
}
