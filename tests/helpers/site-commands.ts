/** Commands that a person types on the edge's or the server's machine. */
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { join } from 'node:path';
import { ROOT, runProcess } from './process.ts';
import type { Site } from './site.ts';

export function edgeCommand(site: Pick<Site, 'dataDir'>, ...args: string[]) {
  const main = join(ROOT, 'edge/src/main.ts');
  return runProcess(process.execPath, [main, ...args, '--data', join(site.dataDir, 'edge')]);
}

export function serverCommand(site: Pick<Site, 'serverFile' | 'env'>, ...args: string[]) {
  const main = join(ROOT, 'dashboard/server/src/main.ts');
  return runProcess(process.execPath, [main, ...args, '--config', site.serverFile], { env: site.env });
}

/** @returns the events of all epochs of the edge's ledger, in the order in which they were recorded. */
export async function exportLedger(site: Pick<Site, 'dataDir'>): Promise<readonly LedgerEvent[]> {
  const outcome = await edgeCommand(site, 'ledger', 'export');
  if (outcome.code !== 0) throw new Error(`ledger export: ${outcome.stderr}`);
  return outcome.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LedgerEvent);
}

/** What `ledger verify` finds; the chain is whole when `firstBroken` is null. */
export async function verifyLedger(
  site: Pick<Site, 'dataDir'>,
): Promise<{ readonly events: number; readonly firstBroken: unknown }> {
  const outcome = await edgeCommand(site, 'ledger', 'verify', '--json');
  return JSON.parse(outcome.stdout) as { events: number; firstBroken: unknown };
}
