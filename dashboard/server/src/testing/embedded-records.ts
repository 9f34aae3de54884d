import { openRecords, type Records } from '../records/open-records.ts';

/** Opens the records of a data directory as a server without a database of its own does. */
export function embeddedRecords(dataDir: string): Promise<Records> {
  return openRecords({ dataDir, records: { kind: 'embedded' } });
}
