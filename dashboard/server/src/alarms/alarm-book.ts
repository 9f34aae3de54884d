/** The alarms of one line while events are carried into the records. */
import type { Transaction } from 'kysely';
import type { LineAddress } from '../ledger/judge-event.ts';
import { parts } from '../ledger/parts.ts';
import type { Tables } from '../records/tables.ts';
import { foldAlarm, forgotten, type AlarmMoment, type AlarmSaid, type FoldedAlarm } from './alarm-fold.ts';
import type { AlarmFloodTable, AlarmJournalTable, AlarmTable } from './alarm-tables.ts';

export type AlarmChange =
  | { readonly kind: 'alarm'; readonly moment: AlarmMoment; readonly said: AlarmSaid }
  | { readonly kind: 'alarm-flood'; readonly row: AlarmFloodTable }
  /** A ledger begins, from a copy or from nothing: what stands, its edge says anew. */
  | { readonly kind: 'alarms-forgotten'; readonly moment: AlarmMoment };

export class AlarmBook {
  readonly #alarms = new Map<string, AlarmTable>();
  readonly #moved = new Set<string>();
  readonly #journal: AlarmJournalTable[] = [];
  readonly #floods: AlarmFloodTable[] = [];

  async load(transaction: Transaction<Tables>, { site, line }: LineAddress): Promise<void> {
    const rows = await transaction
      .selectFrom('alarms')
      .selectAll()
      .where('site', '=', site)
      .where('line', '=', line)
      .execute();
    for (const row of rows) this.#alarms.set(row.alarm, row);
  }

  apply(change: AlarmChange): void {
    switch (change.kind) {
      case 'alarm': {
        const { alarm } = change.said.payload;
        this.#set(foldAlarm(this.#alarms.get(alarm) ?? null, change.moment, change.said));
        return;
      }
      case 'alarm-flood':
        this.#floods.push(change.row);
        return;
      case 'alarms-forgotten':
        for (const alarm of this.#alarms.values()) {
          if (alarm.declared === 1) this.#set(forgotten(alarm, change.moment));
        }
    }
  }

  async write(transaction: Transaction<Tables>): Promise<void> {
    const moved = [...this.#moved].flatMap((alarm) => this.#alarms.get(alarm) ?? []);
    for (const row of moved) {
      const { site: _site, line: _line, alarm: _alarm, ...facts } = row;
      await transaction
        .insertInto('alarms')
        .values(row)
        .onConflict((conflict) => conflict.columns(['site', 'line', 'alarm']).doUpdateSet(facts))
        .execute();
    }
    for (const part of parts(this.#journal)) {
      await transaction.insertInto('alarm_journal').values(part).execute();
    }
    for (const part of parts(this.#floods)) {
      await transaction.insertInto('alarm_floods').values(part).execute();
    }
  }

  #set({ present, journal }: FoldedAlarm): void {
    this.#alarms.set(present.alarm, present);
    this.#moved.add(present.alarm);
    if (journal !== null) this.#journal.push(journal);
  }
}
