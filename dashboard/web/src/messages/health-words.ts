/** French for every code that health speaks in. A code without a word does not compile. */
import type { REPLY_CODES } from '@trame/protocol/command';
import type { LineHealth, ServerHealth } from '@trame/protocol/health-api';
import type {
  ConsumerState,
  Heartbeat,
  LedgerFaultCode,
  LedgerStatus,
  SpoolStatus,
} from '@trame/protocol/heartbeat';
import type { SortingHealth } from '@trame/protocol/heartbeat-sorting';
import type { GapReason, RefusalCode } from '@trame/protocol/ledger-names';
import type { MessageKey } from './translate.ts';

type Words<T extends string> = Readonly<Record<T, MessageKey>>;

export const REFUSAL_WORDS: Words<RefusalCode> = {
  'not-json': 'refusal.notJson',
  'too-large': 'refusal.tooLarge',
  'invalid-event': 'refusal.invalidEvent',
  'wrong-topic': 'refusal.wrongTopic',
  'wrong-hash': 'refusal.wrongHash',
  'impossible-date': 'refusal.impossibleDate',
  'invalid-payload': 'refusal.invalidPayload',
  'broken-chain': 'refusal.brokenChain',
  fork: 'refusal.fork',
  'unknown-epoch': 'refusal.unknownEpoch',
};

export const GAP_WORDS: Words<GapReason> = {
  'spool-full': 'gap.spoolFull',
  'too-old': 'gap.tooOld',
  'not-stored': 'gap.notStored',
  'edge-cut-off': 'gap.edgeCutOff',
  'tag-changed': 'gap.tagChanged',
  'history-full': 'gap.historyFull',
  'history-away': 'gap.historyAway',
  'server-cut-off': 'gap.serverCutOff',
};

export const CONSUMER_WORDS: Words<ConsumerState> = {
  following: 'consumer.following',
  silent: 'consumer.silent',
  stuck: 'consumer.stuck',
  refusing: 'consumer.refusing',
  'cursor-ahead': 'consumer.cursorAhead',
  fork: 'consumer.fork',
};

export const LEDGER_WORDS: Words<LedgerStatus['state']> = {
  ok: 'ledger.ok',
  'not-stored': 'ledger.notStored',
  closed: 'ledger.closed',
};

export const LEDGER_FAULT_WORDS: Words<LedgerFaultCode> = {
  'disk-full': 'ledger.diskFull',
  'io-error': 'ledger.diskRefuses',
  'clock-not-set': 'ledger.clockNotSet',
  'clock-wrong': 'ledger.clockWrong',
  closed: 'ledger.unusable',
};

export const CHAIN_WORDS: Words<LineHealth['chain']> = {
  intact: 'chain.intact',
  waiting: 'chain.waiting',
  refused: 'chain.refused',
  contested: 'chain.contested',
  empty: 'chain.empty',
};

export const SPOOL_WORDS: Words<SpoolStatus['state']> = {
  ok: 'spool.ok',
  'not-stored': 'spool.notStored',
  closed: 'spool.closed',
};

export const ITEMS_WORDS: Words<SortingHealth['items']['state']> = {
  ok: 'sortingHealth.itemsOk',
  'not-stored': 'sortingHealth.itemsNotStored',
  closed: 'sortingHealth.itemsClosed',
};

export const DISK_WORDS: Words<Heartbeat['disk']['state']> = {
  ok: 'disk.ok',
  low: 'disk.low',
  reserve: 'disk.reserve',
  unknown: 'disk.unknown',
};

export const CLOCK_WORDS: Words<Heartbeat['clock']['state']> = {
  checked: 'clock.checked',
  unchecked: 'clock.unchecked',
  behind: 'clock.behind',
};

export const RECORDS_WORDS: Words<ServerHealth['records']['engine']> = {
  sqlite: 'server.recordsSqlite',
  postgres: 'server.recordsPostgres',
};

export const HISTORY_WORDS: Words<ServerHealth['history']['engine']> = {
  sqlite: 'server.historySqlite',
  influx: 'server.historyInflux',
};

/** Answers of the line, and of the server in its place. */
export const REPLY_WORDS: Words<(typeof REPLY_CODES)[number] | 'no-reply'> = {
  done: 'reply.done',
  'already-done': 'reply.alreadyDone',
  'unknown-key': 'reply.unknownKey',
  'bad-signature': 'reply.badSignature',
  'wrong-line': 'reply.wrongLine',
  'unknown-command': 'reply.unknownCommand',
  'invalid-args': 'reply.invalidArgs',
  expired: 'reply.expired',
  'not-stored': 'reply.notStored',
  stale: 'reply.stale',
  refused: 'reply.refused',
  accepted: 'reply.accepted',
  failed: 'reply.failed',
  unconfirmed: 'reply.unconfirmed',
  'no-reply': 'reply.noReply',
};
