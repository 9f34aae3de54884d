import { formatIssue } from '../config/issue.ts';
import { loadLineConfig } from '../config/load-line-config.ts';
import { LedgerFileError } from '../ledger/ledger-tables.ts';
import { reopenLedger, type Reopening } from '../ledger/reopen-ledger.ts';
import { openEdgeState } from '../state/edge-state.ts';
import { systemClock } from '../system/clock.ts';
import { systemEntropy } from '../system/entropy.ts';
import { json, type ExitCode, type Output } from './output.ts';
import type { Command } from './parse-command.ts';

type ReopenCommand = Extract<Command, { kind: 'ledger-reopen' }>;

/** Begins a new epoch of the ledger, or says what that would do. Takes the lock of the data directory. */
export async function reopen(command: ReopenCommand, { out, err }: Output): Promise<ExitCode> {
  const { configFile, dataDir, reason, yes, json: asJson } = command;
  const parse = await loadLineConfig(configFile, { dataDir });
  if (parse.kind === 'invalid') {
    err(parse.issues.map((issue) => `${formatIssue(issue)}\n`).join(''));
    return 2;
  }
  const { site, line, ledger } = parse.config;
  const nowMs = systemClock.nowMs();
  const lock = openEdgeState(dataDir, nowMs);
  if (lock.kind !== 'open') {
    err(`${lock.message}${lock.kind === 'locked' ? ': stop it first' : ''}\n`);
    return 1;
  }
  try {
    const done = reopenLedger({
      dataDir,
      names: { site, line },
      consumers: ledger.consumers,
      reason,
      nowMs,
      entropy: systemEntropy,
      isForReal: yes,
    });
    out(asJson ? json({ done: yes, ...done }) : asText(done, yes));
    return 0;
  } catch (error) {
    if (!(error instanceof LedgerFileError)) throw error;
    err(`${error.message}\n`);
    return 1;
  } finally {
    lock.state.close();
  }
}

function asText({ head, previous, carried, datedAgain, cursors }: Reopening, isDone: boolean): string {
  const known = cursors.map(({ consumer, cursor }) =>
    cursor === null
      ? `${consumer}: never heard of`
      : `${consumer}: has stored up to event ${cursor.upTo} of epoch ${cursor.epoch}`,
  );
  const what = [
    `epoch ${previous.epoch} ends with event ${previous.seq}`,
    ...known,
    isDone
      ? `a new epoch was begun: ${head.epoch}, ${carried} events recorded again`
      : `a new epoch would begin, with ${carried} events recorded again; nothing was changed, --yes does it`,
    ...(datedAgain === 0
      ? []
      : [
          `of these, ${datedAgain} were dated more than a day ahead of this clock: they get the present date`,
        ]),
    ...(isDone ? ['start the edge, then accept the new epoch in the server'] : []),
  ];
  return what.map((text) => `${text}\n`).join('');
}
