/** Plays acts on a site, and looks after each of them whether the book still says what is to be expected. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { accountKind, isHeld } from '@trame/protocol/material/accounts';
import { declareContainer } from '../containers/declare-container.ts';
import { declarePartner } from '../partners/declare-partner.ts';
import type { MaterialSite } from '../testing/test-material-site.ts';
import type { Draft } from './decision.ts';
import { LOT_ACTS } from './test-lot-acts.ts';
import { OUTPUT_ACTS } from './test-output-acts.ts';
import type { Differing, Hand, Plan } from './test-plan.ts';
import { SHIPMENT_ACTS } from './test-shipment-acts.ts';
import { ExpectedWorld, gramsOf, grouped, holdings, type Row } from './test-world.ts';

const ACTS = { ...LOT_ACTS, ...OUTPUT_ACTS, ...SHIPMENT_ACTS } satisfies Record<string, Plan>;
export type ActName = keyof typeof ACTS;
export const ACT_NAMES = Object.keys(ACTS) as ActName[];

export interface Step extends Hand {
  readonly act: ActName;
}

export class Play {
  readonly site: MaterialSite;
  readonly world = new ExpectedWorld();
  /** How often each act was recorded. */
  readonly recorded = new Map<ActName, number>();
  #before: readonly Row[] = [];

  constructor(site: MaterialSite) {
    this.site = site;
  }

  async begin(): Promise<void> {
    for (const partner of ['emmaus', 'relais'])
      await this.site.act(declarePartner, { partner, role: 'collector', name: partner });
    await this.site.act(declarePartner, { partner: 'frip-nord', role: 'client', name: 'Frip Nord' });
    const name = 'Essuyage 76';
    await this.site.act(declarePartner, { partner: 'essuyage-76', role: 'subcontractor', name });
    for (const container of ['C-1', 'C-2', 'C-3'])
      await this.site.act(declareContainer, { container, kind: 'cage', tareGrams: 22_000 });
  }

  /** @returns what came of it. */
  async step({ act, ...hand }: Step): Promise<string> {
    const plan: Plan = ACTS[act];
    const asked = await plan(this.site, hand);
    if ('kind' in asked) return 'nothing to do';
    const { ask, expect: changes, differing } = asked(this.site);
    const decision = await ask();
    if (decision.kind === 'refused') return decision.code;
    const events = await this.site.record(decision.drafts);
    // What was weighed just now must not be refused for that alone.
    this.site.advance(120_000);
    changes(this.world, decision);
    this.recorded.set(act, (this.recorded.get(act) ?? 0) + 1);
    await this.check(act, differing, decision.drafts, events);
    return 'recorded';
  }

  async check(
    act: string,
    differing: Differing,
    drafts: readonly Draft[],
    events: readonly string[],
  ): Promise<void> {
    const rows = await holdings(this.site);
    deepEqual(grouped(rows, 'lot'), {}, `${act}: every lot sums to nothing over all accounts`);
    const negative = rows.filter(({ account, grams }) => isHeld(account) && grams < 0);
    deepEqual(negative, [], `${act}: no place on the site holds less than nothing`);
    this.#checkWorld(act, rows);
    await this.#checkOutputs(act, rows);
    await this.#checkPostings(act, drafts, events);
    this.#checkDifference(act, differing, rows);
    this.#before = rows;
  }

  #checkWorld(act: string, rows: readonly Row[]): void {
    const { gone, received, outputs } = this.world;
    const came = Object.fromEntries([...received].filter(([, grams]) => grams !== 0));
    const brought = Object.fromEntries(Object.entries(came).map(([lot, grams]) => [lot, -grams]));
    deepEqual(grouped(rows, 'lot', ['collector']), brought, `${act}: what came in, by lot`);
    for (const kind of ['returned', 'water', 'missing', 'client', 'subcontractor'] as const)
      equal(gramsOf(rows, kind), gone[kind], `${act}: ${kind}`);
    const held = [...outputs].filter(([, output]) => output.held !== 0);
    const contents = Object.fromEntries(held.map(([id, output]) => [`output:${id}`, output.held]));
    deepEqual(grouped(rows, 'account', ['output']), contents, `${act}: what outputs hold`);
  }

  async #checkOutputs(act: string, rows: readonly Row[]): Promise<void> {
    const contents = grouped(rows, 'account', ['output']);
    const outputs = await this.site.records.selectFrom('outputs').selectAll().execute();
    for (const { output, netGrams, status } of outputs) {
      const { net, status: state } = this.world.output(output);
      deepEqual({ output, netGrams, status }, { output, netGrams: net, status: state }, act);
      const isHere = netGrams !== null && ['stock', 'loaded'].includes(status);
      if (isHere) equal(contents[`output:${output}`], netGrams, `${act}: ${output} holds its net`);
    }
  }

  /** What was decided is what was written down: nothing had to be covered by a difference afterwards. */
  async #checkPostings(act: string, drafts: readonly Draft[], events: readonly string[]): Promise<void> {
    const rows = await this.site.records
      .selectFrom('postings')
      .select(['fromAccount', 'toAccount', 'lot', 'grams'])
      .where('event', 'in', [...events])
      .execute();
    const said = drafts.flatMap(({ payload }) => ('moves' in payload ? payload.moves : []));
    const pairs = new Set(said.map(({ from, to }) => `${from} > ${to}`));
    const surprising = rows.filter(
      ({ fromAccount, toAccount }) => !pairs.has(`${fromAccount} > ${toAccount}`),
    );
    deepEqual(surprising, [], `${act}: movements that nobody decided`);
    for (const { from, to, shares } of said) {
      if (shares === null) continue;
      for (const { lot, grams } of shares) {
        const written = rows.some(
          (row) => row.fromAccount === from && row.toAccount === to && row.lot === lot && row.grams === grams,
        );
        ok(written, `${act}: ${grams} g of ${lot} from ${from} to ${to}`);
      }
    }
  }

  #checkDifference(act: string, differing: Differing, rows: readonly Row[]): void {
    const before = grouped(this.#before, 'account', ['difference']);
    const after = grouped(rows, 'account', ['difference']);
    if (differing === 'differs' || JSON.stringify(before) === JSON.stringify(after)) return;
    equal(differing, 'takes', `${act}: a difference out of nowhere`);
    deepEqual(grouped(rows, 'account', ['line']), {}, `${act}: a difference while the line holds more`);
  }
}

/** In = out + stock + water + missing + difference, lot by lot, put down as the balance has it. */
export function balances(rows: readonly Row[]): void {
  const of = (lot: string, kinds: (account: string) => boolean) =>
    rows.reduce((sum, row) => sum + (row.lot === lot && kinds(row.account) ? row.grams : 0), 0);
  for (const lot of new Set(rows.map((row) => row.lot))) {
    const within = of(lot, (account) => accountKind(account) === 'collector');
    const stock = of(lot, isHeld);
    const out = of(lot, (account) => ['client', 'returned'].includes(accountKind(account)));
    const explained = of(lot, (account) => ['water', 'missing', 'difference'].includes(accountKind(account)));
    equal(within + stock + out + explained, 0, `balance of ${lot}`);
  }
}
