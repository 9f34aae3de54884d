/** One act that a random sequence may hold: what is asked, and what the world is like when it was recorded. */
import type { MaterialSite } from '../testing/test-material-site.ts';
import type { Decide, Decision } from './decision.ts';
import type { LotTable, OutputTable, ShipmentTable } from './material-tables.ts';
import type { ExpectedWorld } from './test-world.ts';

/** Numbers that say which thing and how much; all of them mean something for every act. */
export interface Hand {
  readonly which: number;
  readonly other: number;
  /** Above 0. */
  readonly grams: number;
  readonly yes: boolean;
}

/**
 * May the differences change by it? `never`; `differs`: yes; `takes`: only when the bin and the line have nothing left.
 */
export type Differing = 'never' | 'differs' | 'takes';

export interface Planned {
  readonly kind: 'planned';
  readonly ask: () => Promise<Decision>;
  readonly expect: (world: ExpectedWorld, done: { readonly id: string }) => void;
  readonly differing: Differing;
}

/** There is nothing yet that it could be done to. */
export const never = { kind: 'never' } as const;

type Asked = (site: MaterialSite) => Planned;

export type Plan = (site: MaterialSite, hand: Hand) => Asked | typeof never | Promise<Asked | typeof never>;

export function planned<Body>(
  decide: Decide<Body>,
  body: Body,
  target = '',
  expect: Planned['expect'] = () => undefined,
  differing: Differing = 'never',
): Asked {
  return (site) => ({ kind: 'planned', ask: () => site.ask(decide, body, target), expect, differing });
}

export function pick<T>(list: readonly T[], which: number): T | undefined {
  return list[which % Math.max(1, list.length)];
}

/** @returns a part of what is there; now and then more than that. Whole grams above 0. */
export function partOf(there: number, { grams, which }: Pick<Hand, 'grams' | 'which'>): number {
  return which % 7 === 0 ? grams : 1 + (grams % Math.max(1, there));
}

export function outputsOf(site: MaterialSite): Promise<OutputTable[]> {
  return site.records.selectFrom('outputs').selectAll().orderBy('number').execute();
}

export function lotsOf(site: MaterialSite): Promise<LotTable[]> {
  return site.records.selectFrom('lots').selectAll().orderBy('number').execute();
}

export function shipmentsOf(site: MaterialSite): Promise<ShipmentTable[]> {
  return site.records.selectFrom('shipments').selectAll().orderBy('number').execute();
}
