/** The dashboard server as it stands in production, alone: its own program, with a configuration of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRecords } from '@trame/dashboard-server/records/open-records';
import { freePort } from '../helpers/free-port.ts';
import type { Postgres } from '../helpers/postgres.ts';
import { ROOT, spawnProcess, type SpawnedProcess } from '../helpers/process.ts';

export type Records = Awaited<ReturnType<typeof openRecords>>;

export interface BenchServer {
  readonly dataDir: string;
  /** Starts `trame-dashboard` with these words. */
  readonly spawn: (...words: readonly string[]) => SpawnedProcess;
  /** The same records, beside the server. */
  readonly records: () => Promise<Records>;
}

const MAIN = join(ROOT, 'dashboard/server/src/main.ts');

/** @param postgres null: SQLite in the server's data directory. */
export async function benchServer(
  folder: string,
  brokerUrl: string,
  postgres: Postgres | null,
): Promise<BenchServer> {
  const dataDir = join(folder, 'dashboard');
  mkdirSync(dataDir, { recursive: true });
  const file = join(folder, 'dashboard.yaml');
  const lines = ['installation: demo', `broker: { url: ${brokerUrl} }`, 'history: embedded'];
  if (postgres !== null) {
    lines.push(`records: { url: ${postgres.url}, passwordFile: ${JSON.stringify(postgres.passwordFile)} }`);
  }
  writeFileSync(file, [...lines, ''].join('\n'));
  const env = { TRAME_HTTP_PORT: String(await freePort()), TRAME_DATA_DIR: folder };
  return {
    dataDir,
    spawn: (...words) => spawnProcess(process.execPath, [MAIN, ...words, '--config', file], { env }),
    records: () =>
      openRecords({
        dataDir,
        records:
          postgres === null
            ? { kind: 'embedded' }
            : { kind: 'postgres', url: postgres.url, password: '', ca: null },
      }),
  };
}
