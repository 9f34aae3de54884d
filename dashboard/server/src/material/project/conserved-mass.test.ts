/** Whatever happens in whatever order, no gram appears or is lost, and the book can be made again. */
import { isHeld } from '@trame/protocol/material/accounts';
import { payloadFault } from '@trame/protocol/ledger-payloads';
import { MATERIAL_PAYLOADS, type MaterialEventType } from '@trame/protocol/material/material-payloads';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rebuildProjections } from '../../ledger/rebuild-projections.ts';
import { RecordsLedgerStore } from '../../ledger/records-ledger-store.ts';
import { messageOf, opaqueId, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { PROJECTION_TABLES } from '../../ledger/write-projections.ts';
import type { Records } from '../../records/open-records.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../../testing/records-engines.ts';
import { localDayIn } from '../../tonnage/local-day.ts';
import { MaterialBook } from '../material-book.ts';
import { DRAFTS, foreignMove, LINES, OUTLETS, TestDraft } from './test-random-material.ts';
import { differing, NONE_DIFFER, rowsOf } from './test-rows.ts';

const dayOf = localDayIn('Europe/Paris');
const LATER_MS = TEST_NOW_MS + 3_600_000;

const TYPES = Object.keys(MATERIAL_PAYLOADS) as MaterialEventType[];
/** What a day is mostly made of. */
const MOSTLY = ['lot.received', 'line.loaded', 'output.started', 'output.weighed', 'mass.moved'] as const;

/** What is no act of people. */
const OTHERWISE = ['counted', 'foreign', 'same-id', 'edge.started', 'scale.verified'] as const;
type What = MaterialEventType | (typeof OTHERWISE)[number];

interface Step {
  readonly what: What;
  readonly seed: number;
}

const LENGTH = { minLength: 10, maxLength: 60 } as const;

/** Anything after anything, as often as days have it. */
const anyDay: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    what: fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom<What[]>(...MOSTLY) },
      { weight: 5, arbitrary: fc.constantFrom<What[]>(...TYPES) },
      { weight: 4, arbitrary: fc.constant<What>('counted') },
      { weight: 2, arbitrary: fc.constantFrom<What[]>(...OTHERWISE) },
    ),
    seed: fc.nat(),
  }),
  LENGTH,
);

/** Kinds of events that change what others of them look at. */
const TOGETHER: readonly (readonly What[])[] = [
  ['lot.received', 'lot.refused', 'lot.returned', 'lot.weighed', 'foreign'],
  ['lot.received', 'lot.split', 'lot.merged', 'lot.weighed', 'lot.voided', 'counted'],
  ['lot.received', 'line.loaded', 'line.unloaded', 'line.emptied', 'counted', 'mass.moved'],
  ['output.started', 'output.weighed', 'output.labelled', 'output.reclassified', 'output.voided', 'counted'],
  [
    'output.started',
    'shipment.opened',
    'shipment.loaded',
    'shipment.dispatched',
    'shipment.returned',
    'foreign',
  ],
  ['lot.received', 'lot.returned', 'counted', 'same-id', 'edge.started', 'restart.answered'],
];

/** The same few over and over: only so do they often meet on the same lot. */
const fewKinds: fc.Arbitrary<Step[]> = fc
  .constantFrom(...TOGETHER)
  .chain((kinds) => fc.array(fc.record({ what: fc.constantFrom(...kinds), seed: fc.nat() }), LENGTH));

/** Every type at least once, and twice what a day is mostly made of. */
const EVERYTHING: Step[] = [...MOSTLY, 'counted' as const, ...TYPES, ...MOSTLY, 'counted' as const].map(
  (what, seed) => ({ what, seed }),
);

/** Ledgers of two lines of one site; the first keeps the book. */
class TestSite {
  readonly ledgers: readonly TestLedger[];
  /** In the order in which they came to the server. */
  readonly events: LedgerEvent[] = [];
  readonly #made = { lots: 0, outputs: 0, shipments: 0 };
  readonly #totals = new Map<string, number>();

  constructor(site: string) {
    this.ledgers = LINES.map((line, n) => new TestLedger({ site, line, name: n === 0 ? 'first' : 'second' }));
    for (const ledger of this.ledgers) this.events.push(ledger.open());
  }

  async play({ what, seed }: Step, book: MaterialBook): Promise<LedgerEvent> {
    const draft = new TestDraft(book, seed, { ...this.#made });
    const event = await this.#event(what, draft);
    const fault = payloadFault(event.type, event.payload ?? {});
    if (fault !== null) throw new Error(fault);
    this.events.push(event);
    return event;
  }

  async #event(what: Step['what'], draft: TestDraft): Promise<LedgerEvent> {
    const [keeper, other] = this.ledgers as [TestLedger, TestLedger];
    const ledger = draft.flag() ? keeper : other;
    switch (what) {
      case 'counted':
        return this.#count(ledger, draft);
      case 'same-id':
        return this.#sameId(keeper, other, draft);
      case 'foreign':
        return keeper.add('mass.moved', foreignMove(draft));
      case 'edge.started':
        return ledger.add('edge.started', {
          version: '1',
          boot: draft.one(['00000000000000aa', '00000000000000bb']),
          unclean: draft.flag(),
          lastAliveAt: null,
        });
      case 'scale.verified': {
        const request = opaqueId('request');
        const said = { scale: 's', outcome: 'accepted', on: '2026-11-20', due: null, request } as const;
        return ledger.add('scale.verified', said);
      }
      case 'lot.received':
      case 'lot.split':
      case 'lot.merged':
      case 'subcontract.returned':
        return (this.#made.lots++, this.#said(keeper, what, draft));
      case 'output.started':
        return (this.#made.outputs++, this.#said(keeper, what, draft));
      case 'shipment.opened':
        return (this.#made.shipments++, this.#said(keeper, what, draft));
      default:
        return this.#said(keeper, what, draft);
    }
  }

  /** The other line tells something else under an id that the first one used before. */
  #sameId(keeper: TestLedger, other: TestLedger, draft: TestDraft): LedgerEvent {
    const used = new Set(other.events.map(({ id }) => id));
    const { id } = keeper.events[draft.below(keeper.events.length)] ?? keeper.last;
    return other.add('mass.moved', foreignMove(draft), used.has(id) ? {} : { id });
  }

  async #said(ledger: TestLedger, type: MaterialEventType, draft: TestDraft): Promise<LedgerEvent> {
    return ledger.addAny(type, { ...(await DRAFTS[type](draft)) });
  }

  #count(ledger: TestLedger, draft: TestDraft): LedgerEvent {
    const counters = ['input', ...OUTLETS.map((outlet) => `outlet.${outlet}`)].filter(() => draft.flag());
    const counts = (counters.length === 0 ? ['input'] : counters).map((counter) => {
      const grams = 1 + draft.below(60_000);
      const key = `${ledger.line} ${counter}`;
      const total = (this.#totals.get(key) ?? 0) + grams;
      this.#totals.set(key, total);
      const source = { device: 'scale', tag: counter, generation: 0 };
      return { counter, grams, totalGrams: total, source, sourceGrams: total };
    });
    return ledger.add('throughput.counted', { from: TEST_NOW_MS - 60_000, to: TEST_NOW_MS, counts });
  }
}

/** @returns sums by the texts of their keys, without what is 0. */
function sums(entries: Iterable<readonly [string, number]>): Record<string, number> {
  const all = new Map<string, number>();
  for (const [key, grams] of entries) all.set(key, (all.get(key) ?? 0) + grams);
  return Object.fromEntries([...all].filter(([, grams]) => grams !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function expectConserved(records: Records, site: string): Promise<void> {
  const holdings = await records.selectFrom('holdings').selectAll().where('site', '=', site).execute();
  const postings = await records.selectFrom('postings').selectAll().where('site', '=', site).execute();
  expect(sums(holdings.map(({ lot, grams }) => [lot, grams]))).toEqual({});
  expect(holdings.filter(({ account, grams }) => grams === 0 || (isHeld(account) && grams < 0))).toEqual([]);
  expect(sums(holdings.map(({ account, lot, grams }) => [`${account} ${lot}`, grams]))).toEqual(
    sums(
      postings.flatMap(({ fromAccount, toAccount, lot, grams }) => [
        [`${fromAccount} ${lot}`, -grams] as const,
        [`${toAccount} ${lot}`, grams] as const,
      ]),
    ),
  );
  expect(postings.every(({ grams }) => grams > 0)).toBe(true);
  const sorted = await records.selectFrom('sorted').selectAll().where('site', '=', site).execute();
  const intoBins = postings.filter(
    ({ type, toAccount }) => type === 'throughput.counted' && toAccount.startsWith('bin:'),
  );
  expect(sums(intoBins.map(({ toAccount, grams }) => [toAccount, grams]))).toEqual(
    sums(sorted.map(({ line, outlet, grams }) => [`bin:${line}/${outlet}`, grams])),
  );
}

/** Stores events in the order in which they came, cut anyhow. */
async function storeAgain(
  store: RecordsLedgerStore,
  events: readonly LedgerEvent[],
  sizes: readonly number[],
) {
  for (let at = 0, cut = 0; at < events.length; cut += 1) {
    const line = events[at]?.line ?? '';
    const other = events.findIndex((event, index) => index >= at && event.line !== line);
    const run = other === -1 ? events.length : other;
    const part = events.slice(at, Math.min(run, at + (sizes[cut % sizes.length] ?? 1)));
    const address = { site: part[0]?.site ?? '', line };
    const taken = await store.take(address, [{ kind: 'bytes', bytes: messageOf(part) }], LATER_MS);
    expect(taken.stored.length).toBe(part.length);
    at += part.length;
  }
}

/** Takes a site out, so that a run takes as long as the one before it. */
async function forget(records: Records, site: string): Promise<void> {
  const stored = ['site_turns', 'ledger_events', 'ledger_cursors', 'ledger_epochs', 'line_sites'] as const;
  for (const table of [...PROJECTION_TABLES, ...stored]) {
    await records.deleteFrom(table).where('site', '=', site).execute();
  }
}

/** After so long a failure is made no smaller, and told with its seed as it is. */
const LONGEST_MS = 60_000;

describe.each(RECORDS_ENGINES)('the book of material, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it.each([
    ['of any day', anyDay, 25],
    ['of few kinds of events', fewKinds, 15],
  ] as const)(
    'loses and finds no gram %s, and is the same however it is made',
    { timeout: 2 * LONGEST_MS },
    async (_days, days, numRuns) => {
      await using one = await freshRecords();
      await using two = await freshRecords();
      const cuts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
      let sites = 0;
      const seen = new Set<string>();
      await fc.assert(
        fc.asyncProperty(days, cuts, async (steps, sizes) => {
          const site = `site-${(sites += 1)}`;
          // The one before stays: sites tell under the same ids, and have nothing to do with one another.
          for (const { records } of [one, two]) await forget(records, `site-${sites - 2}`);
          const played = new TestSite(site);
          const store = new RecordsLedgerStore(one.records, dayOf, site);
          const book = new MaterialBook(one.records, site);
          await storeAgain(store, played.events, [1]);
          for (const next of steps) {
            const event = await played.play(next, book);
            await storeAgain(store, [event], [1]);
            seen.add(event.type);
          }
          await expectConserved(one.records, site);
          await storeAgain(new RecordsLedgerStore(two.records, dayOf, site), played.events, sizes);
          const right = await rowsOf(one.records, site);
          expect(differing(right, await rowsOf(two.records, site)), 'cut otherwise').toEqual(NONE_DIFFER);
          await rebuildProjections(one.records, dayOf);
          expect(differing(right, await rowsOf(one.records, site)), 'made again').toEqual(NONE_DIFFER);
        }),
        { numRuns, examples: [[EVERYTHING, [3]]], interruptAfterTimeLimit: LONGEST_MS },
      );
      expect(TYPES.filter((type) => !seen.has(type))).toEqual([]);
    },
  );
});
