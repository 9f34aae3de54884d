/** `trame-dashboard line accept-epoch` and `trame-dashboard rebuild`. */
import type { ServerConfig } from '../config/server-config.ts';
import { acceptEpoch } from '../ledger/epoch-decision.ts';
import { rebuildProjections } from '../ledger/rebuild-projections.ts';
import type { Log } from '../ports/log.ts';
import { openRecords, type Records } from '../records/open-records.ts';
import { claimRecords } from '../records/records-claim.ts';
import { claimDataDir } from '../system/data-dir.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import type { CliContext, ExitCode } from './cli-context.ts';

export type LedgerCommand =
  | { readonly kind: 'line-accept-epoch'; readonly line: string; readonly epoch: string }
  | { readonly kind: 'rebuild' };

/** @throws StartError when everything is to be made again while a server is running. */
export async function runLedgerCommand(
  command: LedgerCommand,
  config: ServerConfig,
  context: CliContext,
  log: Log,
): Promise<ExitCode> {
  if (command.kind === 'rebuild') return rebuild(config, context, log);
  const { line, epoch } = command;
  const records = await openRecords(config);
  try {
    return await accept(records, line, epoch, context);
  } finally {
    await records.destroy();
  }
}

async function accept(
  records: Records,
  line: string,
  epoch: string,
  { clock, out, err }: CliContext,
): Promise<ExitCode> {
  const outcome = await acceptEpoch(records, line, epoch, null, clock.nowMs());
  switch (outcome.kind) {
    case 'accepted':
      out(`${line} goes on in epoch ${epoch}. What was stored before stays.`);
      return 0;
    case 'already':
      out(`${line} is in epoch ${epoch} already.`);
      return 0;
    case 'ambiguous':
      err(
        `Lines «${line}» of ${outcome.sites.join(' and ')} sent epoch ${epoch}: accept it on the page «Santé»`,
      );
      return 1;
    case 'not-refused':
      err(`Nothing of epoch ${epoch} was refused on a line «${line}»: there is nothing to accept`);
      return 1;
  }
}

async function rebuild(config: ServerConfig, context: CliContext, log: Log): Promise<ExitCode> {
  await using cleanup = new AsyncDisposableStack();
  const claimed = claimDataDir(config.dataDir);
  cleanup.defer(() => claimed.release());
  const claim = await claimRecords(config.records, context.clock, log);
  cleanup.defer(() => claim.release());
  const records = await openRecords(config);
  cleanup.defer(() => records.destroy());
  const lines = await rebuildProjections(records, localDayIn(config.timeZone));
  for (const { site, line, events } of lines) context.out(`${site}/${line}: ${events} events`);
  const events = lines.reduce((sum, line) => sum + line.events, 0);
  context.out(`Made again from ${events} events of ${lines.length} lines.`);
  return 0;
}
