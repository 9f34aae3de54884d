/** How far each instrument of a line has counted, while events are projected. */
import type { Transaction } from 'kysely';
import type { Tables } from '../records/tables.ts';
import type { CountStanding } from './count-life.ts';
import type { LineAddress } from './judge-event.ts';
import type { ScaleCountTable, WeighingTable } from './ledger-tables.ts';
import { parts } from './parts.ts';

export type InstrumentKey = Pick<WeighingTable, 'scale' | 'serial' | 'alibiEpoch'>;

export class ScaleCounts {
  readonly #rows: Map<string, ScaleCountTable>;
  readonly #moved = new Set<string>();
  readonly #address: LineAddress;

  private constructor(address: LineAddress, rows: readonly ScaleCountTable[]) {
    this.#address = address;
    this.#rows = new Map(rows.map((row) => [instrumentText(row), row]));
  }

  static async load(transaction: Transaction<Tables>, { site, line }: LineAddress): Promise<ScaleCounts> {
    const rows = await transaction
      .selectFrom('scale_counts')
      .selectAll()
      .where('site', '=', site)
      .where('line', '=', line)
      .execute();
    return new ScaleCounts({ site, line }, rows);
  }

  /** @returns null: it was never heard of. */
  standing(of: InstrumentKey): CountStanding | null {
    const row = this.#rows.get(instrumentText(of));
    if (row === undefined) return null;
    const { epoch, life, lives, lastNumber, lifeBefore, lastNumberBefore } = row;
    const isCounting = lifeBefore === null || lastNumberBefore === null;
    const before = isCounting ? null : { life: lifeBefore, lastNumber: lastNumberBefore };
    return { epoch, life, lives, lastNumber, before };
  }

  move(of: InstrumentKey, { before, ...standing }: CountStanding): void {
    const { scale, serial, alibiEpoch } = of;
    const key = instrumentText(of);
    this.#moved.add(key);
    this.#rows.set(key, {
      ...this.#address,
      scale,
      serial: serial ?? '',
      alibiEpoch,
      ...standing,
      lifeBefore: before?.life ?? null,
      lastNumberBefore: before?.lastNumber ?? null,
    });
  }

  async save(transaction: Transaction<Tables>): Promise<void> {
    const moved = [...this.#moved].flatMap((key) => this.#rows.get(key) ?? []);
    for (const part of parts(moved)) {
      await transaction
        .insertInto('scale_counts')
        .values(part)
        .onConflict((conflict) =>
          conflict.columns(['site', 'line', 'scale', 'serial', 'alibiEpoch']).doUpdateSet((update) => ({
            epoch: update.ref('excluded.epoch'),
            life: update.ref('excluded.life'),
            lives: update.ref('excluded.lives'),
            lastNumber: update.ref('excluded.lastNumber'),
            lifeBefore: update.ref('excluded.lifeBefore'),
            lastNumberBefore: update.ref('excluded.lastNumberBefore'),
          })),
        )
        .execute();
    }
  }
}

export function instrumentText({ scale, serial, alibiEpoch }: InstrumentKey): string {
  return JSON.stringify([scale, serial ?? '', alibiEpoch]);
}
