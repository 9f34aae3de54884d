/** `trame-dashboard line …`: which lines the records know, and forgetting one that was taken down. */
import { mkdirSync } from 'node:fs';
import { forgetLine, knownLines } from '../records/line-repository.ts';
import { openRecords, type Records } from '../records/open-records.ts';
import type { RecordsPlace } from '../records/records-config.ts';
import { claimDataDir } from '../system/data-dir.ts';
import type { CliContext, ExitCode } from './cli-context.ts';
import type { Command } from './parse-command.ts';

export type LineCommand = Extract<Command, { kind: 'line-list' | 'line-forget' }>;

/** @throws StartError when a line is to be forgotten while a server, which holds it in memory, is running. */
export async function runLineCommand(
  command: LineCommand,
  place: RecordsPlace,
  context: CliContext,
): Promise<ExitCode> {
  if (command.kind === 'line-list') {
    mkdirSync(place.dataDir, { recursive: true, mode: 0o750 });
    return withRecords(place, (records) => list(records, command.json, context));
  }
  const claimed = claimDataDir(place.dataDir);
  try {
    return await withRecords(place, async (records) => {
      if (await forgetLine(records, command.line)) return 0;
      context.err(`There is no line «${command.line}»`);
      return 1;
    });
  } finally {
    claimed.release();
  }
}

async function withRecords<T>(place: RecordsPlace, work: (records: Records) => Promise<T>): Promise<T> {
  const records = await openRecords(place);
  try {
    return await work(records);
  } finally {
    await records.destroy();
  }
}

async function list(records: Records, json: boolean, context: CliContext): Promise<ExitCode> {
  const lines = (await knownLines(records)).map(({ line, site, firstSeenAt }) => ({
    line,
    site,
    firstSeenAt,
  }));
  if (json) {
    context.out(JSON.stringify(lines));
    return 0;
  }
  for (const { line, site } of lines) context.out(`${line}\t${site}`);
  return 0;
}
