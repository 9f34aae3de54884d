/** What decisions read of what happened before: shifts, campaigns, months, restarts, corrections. */
import type { MaterialEventType } from '@trame/protocol/material/material-payloads';
import { OutputWeighed } from '@trame/protocol/material/output-events';
import type { Kysely } from 'kysely';
import { Value } from 'typebox/value';
import type { Tables } from '../records/tables.ts';
import type { ShiftSignatureTable } from '../stops/stop-tables.ts';
import { sortedByOrigin } from '../tonnage/sorted-by-origin.ts';
import { sortedBetween, type SortedMass } from '../tonnage/tonnage-repository.ts';
import type {
  AuditTable,
  CampaignTable,
  DocumentFileTable,
  RestartTable,
  ShiftTable,
} from './material-tables.ts';

export class MaterialDiary {
  readonly #records: Kysely<Tables>;
  readonly #site: string;

  /** @param records the records, or a transaction of them. */
  constructor(records: Kysely<Tables>, site: string) {
    this.#records = records;
    this.#site = site;
  }

  /** @returns the event that corrects this one; null: none does. */
  async correctedBy(event: string): Promise<string | null> {
    const row = await this.#records
      .selectFrom('journal')
      .select('event')
      .where('site', '=', this.#site)
      .where('corrects', '=', event)
      .limit(1)
      .executeTakeFirst();
    return row?.event ?? null;
  }

  /** @returns the audit that was noted with this event, taken back or not. */
  audit(event: string): Promise<AuditTable | undefined> {
    return this.#records
      .selectFrom('audits')
      .selectAll()
      .where('site', '=', this.#site)
      .where('event', '=', event)
      .executeTakeFirst();
  }

  /** @returns names of all that was in one event of a type with this thing, itself included. */
  async togetherWith(about: string, type: MaterialEventType): Promise<string[]> {
    const rows = await this.#records
      .selectFrom('journal as own')
      .innerJoin('journal as same', (join) =>
        join.onRef('same.site', '=', 'own.site').onRef('same.event', '=', 'own.event'),
      )
      .select('same.about')
      .distinct()
      .where('own.site', '=', this.#site)
      .where('own.about', '=', about)
      .where('own.type', '=', type)
      .orderBy('same.about')
      .execute();
    return rows.map((row) => row.about);
  }

  /** @returns the line that stopped, or went on standing in another mode, with this event. */
  async stopBegin(
    event: string,
    lines: readonly string[],
  ): Promise<{ readonly line: string; readonly at: number } | undefined> {
    const state = await this.#records
      .selectFrom('line_states')
      .select(['line', 'at'])
      .where('site', '=', this.#site)
      .where('line', 'in', lines)
      .where('id', '=', event)
      .where('state', 'not in', ['execute', 'unknown'])
      .executeTakeFirst();
    if (state !== undefined) return state;
    return this.#records
      .selectFrom('line_modes')
      .select(['line', 'at'])
      .where('site', '=', this.#site)
      .where('line', 'in', lines)
      .where('id', '=', event)
      .executeTakeFirst();
  }

  /** @returns who signed which side of a hand-over. */
  signaturesOf(shift: string): Promise<Pick<ShiftSignatureTable, 'side' | 'actorRef'>[]> {
    return this.#records
      .selectFrom('shift_signatures')
      .select(['side', 'actorRef'])
      .where('site', '=', this.#site)
      .where('shift', '=', shift)
      .execute();
  }

  /** @returns the weighing that an event claims; null: none. */
  async claimOf(event: string): Promise<string | null> {
    const row = await this.#records
      .selectFrom('weighing_claims')
      .select('weighing')
      .where('site', '=', this.#site)
      .where('event', '=', event)
      .limit(1)
      .executeTakeFirst();
    return row?.weighing ?? null;
  }

  /** @returns the latest event of these types about one thing; null: there is none. */
  async latest(about: string, types: readonly MaterialEventType[]): Promise<string | null> {
    const row = await this.#records
      .selectFrom('journal')
      .select('event')
      .where('site', '=', this.#site)
      .where('about', '=', about)
      .where('type', 'in', types)
      .orderBy('recordedAt', 'desc')
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.event ?? null;
  }

  /** @returns the events of these types about one thing, oldest first. */
  async events(about: string, types: readonly MaterialEventType[]): Promise<string[]> {
    const rows = await this.#records
      .selectFrom('journal')
      .select('event')
      .where('site', '=', this.#site)
      .where('about', '=', about)
      .where('type', 'in', types)
      .orderBy('recordedAt')
      .orderBy('seq')
      .execute();
    return rows.map(({ event }) => event);
  }

  /** @returns the net that a weighing of an output told, grams; null: no such event. */
  async weighedGrams(event: string): Promise<number | null> {
    const row = await this.#records
      .selectFrom('ledger_events')
      .select('payload')
      .where('site', '=', this.#site)
      .where('id', '=', event)
      .where('type', '=', 'output.weighed')
      .limit(1)
      .executeTakeFirst();
    const said: unknown = row?.payload == null ? null : JSON.parse(row.payload);
    return Value.Check(OutputWeighed, said) ? said.netGrams : null;
  }

  restart(line: string, boot: string): Promise<RestartTable | undefined> {
    return this.#records
      .selectFrom('restarts')
      .selectAll()
      .where('site', '=', this.#site)
      .where('line', '=', line)
      .where('boot', '=', boot)
      .executeTakeFirst();
  }

  /** @returns shifts of a line that nobody closed, oldest first. */
  openShifts(line: string): Promise<ShiftTable[]> {
    return this.#records
      .selectFrom('shifts')
      .selectAll()
      .where('site', '=', this.#site)
      .where('line', '=', line)
      .where('closedAt', 'is', null)
      .orderBy('openedAt')
      .execute();
  }

  openCampaign(line: string): Promise<CampaignTable | undefined> {
    return this.#records
      .selectFrom('campaigns')
      .selectAll()
      .where('site', '=', this.#site)
      .where('line', '=', line)
      .where('closedAt', 'is', null)
      .orderBy('openedAt')
      .limit(1)
      .executeTakeFirst();
  }

  /** @returns `YYYY-MM`; null: no month was ever closed. */
  async lastClosedMonth(): Promise<string | null> {
    const row = await this.#records
      .selectFrom('closed_months')
      .select('month')
      .where('site', '=', this.#site)
      .orderBy('month', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.month ?? null;
  }

  /** @returns the first day on which anything happened to material, `YYYY-MM-DD`; null: nothing ever did. */
  async firstDay(): Promise<string | null> {
    const row = await this.#records
      .selectFrom('journal')
      .select('day')
      .where('site', '=', this.#site)
      .orderBy('day')
      .limit(1)
      .executeTakeFirst();
    return row?.day ?? null;
  }

  /** @returns what was sorted from one day to another (excluded), with whose it was as it is known now. */
  sortedByCollector(from: string, to: string): Promise<SortedMass[]> {
    return sortedByOrigin(this.#records, { from, to, by: 'collector' });
  }

  /** @returns grams that were sorted into an outlet of a line from one day to another (excluded), by machines and by hand. */
  async sortedInto(line: string, outlet: string, from: string, to: string): Promise<number> {
    const masses = await sortedBetween(this.#records, { from, to });
    return masses
      .filter((mass) => mass.site === this.#site && mass.line === line && mass.outlet === outlet)
      .reduce((total, { grams }) => total + grams, 0);
  }

  /** @returns a document whose bytes lie here. */
  document(sha256: string): Promise<DocumentFileTable | undefined> {
    return this.#records
      .selectFrom('document_files')
      .selectAll()
      .where('sha256', '=', sha256)
      .executeTakeFirst();
  }
}
