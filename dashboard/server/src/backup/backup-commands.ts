/** `trame-dashboard backup` and `restore`. */
import { join, resolve } from 'node:path';
import type { CliContext, ExitCode } from '../cli/cli-context.ts';
import type { ServerConfig } from '../config/server-config.ts';
import type { Log } from '../ports/log.ts';
import { recordsAway } from '../records/records-away.ts';
import { StartError } from '../start-error.ts';
import { BackupFault } from './backup-fault.ts';
import { makeBackup } from './make-backup.ts';
import { restoreBackup } from './restore-backup.ts';

export type BackupCommand =
  /**
   * `to`: folder that receives the backup's own folder; null: `backups` in the data directory. `keep`: how many of
   * those made there stay, this one included; null: all.
   */
  | { readonly kind: 'backup'; readonly to: string | null; readonly keep: number | null }
  | { readonly kind: 'restore'; readonly from: string };

export async function runBackupCommand(
  command: BackupCommand,
  config: ServerConfig,
  context: CliContext,
  log: Log,
): Promise<ExitCode> {
  try {
    if (command.kind === 'backup') await backUp(command, config, context);
    else await takeBack(command.from, config, context, log);
    return 0;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    context.err(reason);
    return 1;
  }
}

async function backUp(
  { to, keep }: Extract<BackupCommand, { kind: 'backup' }>,
  config: ServerConfig,
  context: CliContext,
): Promise<void> {
  const into = to === null ? join(config.dataDir, 'backups') : resolve(context.cwd, to);
  const { folder, bytes, removed } = await makeBackup({ ...context, config, into, keep });
  context.out(`Backup: ${folder} (${Math.ceil(bytes / 1024)} KiB)`);
  for (const old of removed) context.out(`Removed: ${old}`);
  if (to === null) context.out('It lies on the same disk: copy it to another one, or use --to.');
  sayInflux(config, context, 'influxd backup -portable -database');
}

async function takeBack(from: string, config: ServerConfig, context: CliContext, log: Log): Promise<void> {
  const { manifest, aside } = await restoreBackup({
    config,
    from: resolve(context.cwd, from),
    clock: context.clock,
    env: context.env,
    log,
  });
  context.out(
    `Restored: the records of ${new Date(manifest.madeAt).toISOString()}; everybody signs in again.`,
  );
  context.out('What happened on the lines since then is sent again by their edges.');
  context.out(`What was replaced lies in ${aside}`);
  sayInflux(config, context, 'influxd restore -portable -db');
}

function sayInflux({ history }: ServerConfig, context: CliContext, command: string): void {
  if (history.kind !== 'influx') return;
  context.out(
    `The history is in InfluxDB and not in the backup: ${command} ${history.influx.database} FOLDER`,
  );
}

/** @returns what to tell the person; null: it is a fault of the program. */
function reasonOf(error: unknown): string | null {
  if (error instanceof BackupFault || error instanceof StartError) return error.message;
  const away = recordsAway(error);
  if (away !== null) return `The records cannot be used: ${away}`;
  // A disk that is full or may not be written: the message names the file.
  return error instanceof Error && 'syscall' in error ? error.message : null;
}
