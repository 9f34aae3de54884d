/** What decisions read: the records of one site, as the last projected event left them. */
import { accountName } from '@trame/protocol/material/accounts';
import type { Share } from '@trame/protocol/material/move';
import type { Kysely } from 'kysely';
import type { WeighingTable } from '../ledger/ledger-tables.ts';
import type { Tables } from '../records/tables.ts';
import { ProgrammeBook } from '../sort-programmes/programme-book.ts';
import { MaterialDiary } from './material-diary.ts';
import { ZoneBook } from './zone-book.ts';
import type {
  CampaignTable,
  ContainerTable,
  LotTable,
  OutputTable,
  PartnerTable,
  PostingTable,
  ShiftTable,
  ShipmentOutputTable,
  ShipmentTable,
} from './material-tables.ts';

/** Outputs that were voided under one code or sheet number, and one that was not. */
const VOIDED_MAX = 50;
/** Movements of one account that a decision looks at. */
const POSTINGS_MAX = 20_000;

export type Numbered = 'lots' | 'outputs' | 'shipments';

export class MaterialBook {
  /** What happened, rather than what is where. */
  readonly diary: MaterialDiary;
  readonly zones: ZoneBook;
  readonly programmes: ProgrammeBook;
  readonly #records: Kysely<Tables>;
  readonly #site: string;

  /** @param records the records, or a transaction of them. */
  constructor(records: Kysely<Tables>, site: string) {
    this.#records = records;
    this.#site = site;
    this.diary = new MaterialDiary(records, site);
    this.zones = new ZoneBook(records, site);
    this.programmes = new ProgrammeBook(records, site);
  }

  partner(partner: string): Promise<PartnerTable | undefined> {
    return this.#records
      .selectFrom('partners')
      .selectAll()
      .where('site', '=', this.#site)
      .where('partner', '=', partner)
      .executeTakeFirst();
  }

  container(container: string): Promise<ContainerTable | undefined> {
    return this.#records
      .selectFrom('containers')
      .selectAll()
      .where('site', '=', this.#site)
      .where('container', '=', container)
      .executeTakeFirst();
  }

  lot(lot: string): Promise<LotTable | undefined> {
    return this.#records
      .selectFrom('lots')
      .selectAll()
      .where('site', '=', this.#site)
      .where('lot', '=', lot)
      .executeTakeFirst();
  }

  output(output: string): Promise<OutputTable | undefined> {
    return this.#records
      .selectFrom('outputs')
      .selectAll()
      .where('site', '=', this.#site)
      .where('output', '=', output)
      .executeTakeFirst();
  }

  /** @returns the output that bears this code on any of its labels: one that was voided only when no other does. */
  async outputByCode(code: string): Promise<OutputTable | undefined> {
    const rows = await this.#records
      .selectFrom('output_codes')
      .innerJoin('outputs', (join) =>
        join
          .onRef('outputs.site', '=', 'output_codes.site')
          .onRef('outputs.output', '=', 'output_codes.output'),
      )
      .selectAll('outputs')
      .where('output_codes.site', '=', this.#site)
      .where('output_codes.code', '=', code)
      .orderBy('outputs.number', 'desc')
      .limit(VOIDED_MAX)
      .execute();
    return rows.find(({ status }) => status !== 'voided') ?? rows[0];
  }

  outputByNumber(number: number): Promise<OutputTable | undefined> {
    return this.#records
      .selectFrom('outputs')
      .selectAll()
      .where('site', '=', this.#site)
      .where('number', '=', number)
      .executeTakeFirst();
  }

  /** @returns the output of a line of a paper sheet: one that was voided only when there is no other. */
  async outputBySheet(sheet: string): Promise<OutputTable | undefined> {
    const rows = await this.#records
      .selectFrom('outputs')
      .selectAll()
      .where('site', '=', this.#site)
      .where('sheet', '=', sheet)
      .orderBy('number', 'desc')
      .limit(VOIDED_MAX)
      .execute();
    return rows.find(({ status }) => status !== 'voided') ?? rows[0];
  }

  shipment(shipment: string): Promise<ShipmentTable | undefined> {
    return this.#records
      .selectFrom('shipments')
      .selectAll()
      .where('site', '=', this.#site)
      .where('shipment', '=', shipment)
      .executeTakeFirst();
  }

  shipmentOutputs(shipment: string): Promise<ShipmentOutputTable[]> {
    return this.#records
      .selectFrom('shipment_outputs')
      .selectAll()
      .where('site', '=', this.#site)
      .where('shipment', '=', shipment)
      .orderBy('output')
      .execute();
  }

  shift(shift: string): Promise<ShiftTable | undefined> {
    return this.#records
      .selectFrom('shifts')
      .selectAll()
      .where('site', '=', this.#site)
      .where('shift', '=', shift)
      .executeTakeFirst();
  }

  campaign(campaign: string): Promise<CampaignTable | undefined> {
    return this.#records
      .selectFrom('campaigns')
      .selectAll()
      .where('site', '=', this.#site)
      .where('campaign', '=', campaign)
      .executeTakeFirst();
  }

  /** @returns what an account holds, by source lot: only what is above 0, most first. */
  async contents(account: string): Promise<Share[]> {
    const rows = await this.#records
      .selectFrom('holdings')
      .selectAll()
      .where('site', '=', this.#site)
      .where('account', '=', account)
      .where('grams', '>', 0)
      .execute();
    return rows
      .map(({ lot, grams }) => ({ lot, grams }))
      .sort((a, b) => b.grams - a.grams || (a.lot < b.lot ? -1 : 1));
  }

  /** @returns accounts that hold something of a source lot, with how much. */
  async whereabouts(lot: string): Promise<{ account: string; grams: number }[]> {
    const rows = await this.#records
      .selectFrom('holdings')
      .selectAll()
      .where('site', '=', this.#site)
      .where('lot', '=', lot)
      .orderBy('account')
      .execute();
    return rows.map(({ account, grams }) => ({ account, grams }));
  }

  /** @returns lots and containers at the infeed whose kilograms its scale counts, oldest first. */
  async infeed(line: string): Promise<string[]> {
    const rows = await this.#records
      .selectFrom('infeed')
      .selectAll()
      .where('site', '=', this.#site)
      .where('line', '=', line)
      .orderBy('since')
      .orderBy('account')
      .execute();
    return rows.map(({ account }) => account);
  }

  /** @returns the movements of an event, as they were written down. */
  postings(event: string): Promise<PostingTable[]> {
    return this.#records
      .selectFrom('postings')
      .selectAll()
      .where('site', '=', this.#site)
      .where('event', '=', event)
      .orderBy('n')
      .execute();
  }

  /** @returns the latest movements into an account, newest first. */
  postingsInto(account: string, limit: number): Promise<PostingTable[]> {
    return this.#records
      .selectFrom('postings')
      .selectAll()
      .where('site', '=', this.#site)
      .where('toAccount', '=', account)
      .orderBy('at', 'desc')
      .orderBy('event', 'desc')
      .orderBy('n')
      .limit(limit)
      .execute();
  }

  /** @returns movements into and out of an account, oldest first. Of outputs: few. */
  postingsOf(account: string): Promise<PostingTable[]> {
    return this.#records
      .selectFrom('postings')
      .selectAll()
      .where('site', '=', this.#site)
      .where((where) => where.or([where('fromAccount', '=', account), where('toAccount', '=', account)]))
      .orderBy('at')
      .orderBy('event')
      .orderBy('n')
      .limit(POSTINGS_MAX)
      .execute();
  }

  /** @returns the event that an event corrects; null: none, or it is not known. */
  async corrected(event: string): Promise<string | null> {
    const row = await this.#records
      .selectFrom('journal')
      .select('corrects')
      .where('site', '=', this.#site)
      .where('event', '=', event)
      .limit(1)
      .executeTakeFirst();
    return row?.corrects ?? null;
  }

  async isMonthClosed(day: string): Promise<boolean> {
    const row = await this.#records
      .selectFrom('closed_months')
      .selectAll()
      .where('site', '=', this.#site)
      .where('month', '=', day.slice(0, 7))
      .executeTakeFirst();
    return row !== undefined;
  }

  /** @returns a stable weighing of one of the site's scales, and what claims it; null: unknown. */
  async weighing(event: string): Promise<{ weighing: WeighingTable; claimedBy: string | null } | null> {
    const weighing = await this.#records
      .selectFrom('weighings')
      .selectAll()
      .where('site', '=', this.#site)
      .where('id', '=', event)
      .executeTakeFirst();
    if (weighing === undefined) return null;
    const claim = await this.#records
      .selectFrom('weighing_claims')
      .selectAll()
      .where('site', '=', this.#site)
      .where('weighing', '=', event)
      .executeTakeFirst();
    return { weighing, claimedBy: claim?.about ?? null };
  }

  /** @returns the weighing that an event claims; null: none. */
  async claimedBy(event: string): Promise<string | null> {
    const claim = await this.#records
      .selectFrom('weighing_claims')
      .select('weighing')
      .where('site', '=', this.#site)
      .where('event', '=', event)
      .limit(1)
      .executeTakeFirst();
    return claim?.weighing ?? null;
  }

  /** @returns recorded weighings that nothing claims, between both times (included), newest first. */
  async unclaimed(fromMs: number, toMs: number, limit: number, scale?: string): Promise<WeighingTable[]> {
    let query = this.#records
      .selectFrom('weighings')
      .selectAll('weighings')
      .where('site', '=', this.#site)
      .where('kind', '=', 'recorded')
      .where('at', '>=', fromMs)
      .where('at', '<=', toMs)
      .where('contradicts', 'is', null)
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('weighing_claims')
              .select('weighing_claims.weighing')
              .whereRef('weighing_claims.site', '=', 'weighings.site')
              .whereRef('weighing_claims.weighing', '=', 'weighings.id'),
          ),
        ),
      );
    if (scale !== undefined) query = query.where('scale', '=', scale);
    return query.orderBy('at', 'desc').orderBy('id').limit(limit).execute();
  }

  /** @returns the next short number. */
  async nextNumber(table: Numbered): Promise<number> {
    const row = await this.#records
      .selectFrom(table as 'lots')
      .select((select) => select.fn.max('number').as('last'))
      .where('site', '=', this.#site)
      .executeTakeFirst();
    return (row?.last ?? 0) + 1;
  }

  /** @returns the net weight of each output of a zone that stands in stock there. */
  outputsIn(zone: string): Promise<OutputTable[]> {
    return this.#records
      .selectFrom('outputs')
      .selectAll()
      .where('site', '=', this.#site)
      .where('zone', '=', zone)
      .where('status', 'in', ['stock', 'to-weigh'])
      .execute();
  }

  /** @returns whether there is such a lot, container, output, press… to move material from or to. */
  async knows(account: string): Promise<boolean> {
    const name = accountName(account);
    if (account.startsWith('lot:')) return (await this.lot(name)) !== undefined;
    if (account.startsWith('container:')) return (await this.container(name)) !== undefined;
    if (account.startsWith('output:')) return (await this.output(name)) !== undefined;
    if (account.startsWith('subcontractor:')) return (await this.partner(name)) !== undefined;
    return true;
  }
}
