/** Both SQL engines for one set of tests: `describe.each(RECORDS_ENGINES)('… on %s', …)`. */
import { afterAll, beforeAll } from 'vitest';
import { openRecords, type Records } from '../records/open-records.ts';
import type { RecordsEngineName, RecordsPlace } from '../records/records-config.ts';
import { startPostgres, type Postgres } from './postgres.ts';
import { tempDir } from './temp-dir.ts';

export const RECORDS_ENGINES = ['sqlite', 'postgres'] as const satisfies readonly RecordsEngineName[];

export interface FreshRecords extends AsyncDisposable {
  readonly records: Records;
  /** With it the same records can be opened again, or by a whole server. */
  readonly place: RecordsPlace;
}

const TEMPLATE = 'trame_template';

/**
 * Called inside `describe`: starts what the engine needs before its tests and stops it after them.
 * @returns what gives each test empty records of its own, in the present shape.
 */
export function freshRecordsOf(engine: RecordsEngineName): () => Promise<FreshRecords> {
  let postgres: Postgres | null = null;
  let made = 0;
  if (engine === 'postgres') {
    beforeAll(async () => {
      postgres = await startPostgres();
      await postgres.createDatabase(TEMPLATE);
      const template = await openRecords({ dataDir: '', records: postgres.config(TEMPLATE) });
      await template.destroy();
    });
    afterAll(async () => {
      await postgres?.[Symbol.asyncDispose]();
    });
  }
  return async () => {
    const directory = tempDir();
    const place = await newPlace(directory.path, postgres, (made += 1));
    const records = await openRecords(place);
    return {
      records,
      place,
      [Symbol.asyncDispose]: async () => {
        await records.destroy();
        directory[Symbol.dispose]();
      },
    };
  };
}

async function newPlace(dataDir: string, postgres: Postgres | null, number: number): Promise<RecordsPlace> {
  if (postgres === null) return { dataDir, records: { kind: 'embedded' } };
  const name = `test_${number}`;
  await postgres.createDatabase(name, TEMPLATE);
  return { dataDir, records: postgres.config(name) };
}
