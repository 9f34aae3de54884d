/** What the page tells of one line and of the server, row by row: a word, how bad it is, and figures. */
import type { LineHealth, ServerHealth } from '@trame/protocol/health-api';
import type { Heartbeat, HeartbeatConsumer } from '@trame/protocol/heartbeat';
import { formatBytes } from '../format/bytes.ts';
import { formatDuration } from '../format/duration.ts';
import { formatNumber } from '../format/quantity.ts';
import { t } from '../messages/translate.ts';
import { waitingEvents, type EdgeWord } from './arrival.ts';
import {
  CHAIN_WORDS,
  CLOCK_WORDS,
  CONSUMER_WORDS,
  DISK_WORDS,
  HISTORY_WORDS,
  LEDGER_FAULT_WORDS,
  LEDGER_WORDS,
  RECORDS_WORDS,
  REFUSAL_WORDS,
  SPOOL_WORDS,
} from '../messages/health-words.ts';
import { BACKUP_OLD_MS, CLOCK_OFF_MS, otherLedger, SPOOL_NEARLY_FULL } from './troubles.ts';
import type { Moment } from '../format/instant.ts';
import { row, type Fact, type Mark } from './fact.ts';
import { sortingFact } from './sorting-fact.ts';
import { agoWords, sinceWords } from './trouble-words.ts';

/**
 * @param word its last word.
 * @param late what waits of this line has waited for too long.
 * @returns the rows of its card, in the order in which they are read.
 */
export function lineFacts(line: LineHealth, word: EdgeWord, late: boolean, moment: Moment): readonly Fact[] {
  const said = word.kind === 'none' ? null : word.said;
  const stored = [arrivedFact(line, word, late, moment), chainFact(line, moment)];
  if (said === null) return stored;
  const old = word.kind === 'old';
  return [
    ledgerFact(said, line.stored, old),
    ...stored,
    ...said.ledger.consumers.map((consumer) => consumerFact(consumer, old)),
    spoolFact(said, old, moment),
    ...(said.sorting === undefined ? [] : [sortingFact(said.sorting, old)]),
    diskFact(said, old),
    clockFact(said, old),
  ];
}

function ledgerFact({ ledger }: Heartbeat, stored: LineHealth['stored'], old: boolean): Fact {
  // What is stored here may be newer than the heartbeat: the ledger has come at least as far.
  const follows = ledger.epoch === stored.epoch && !ledger.consumers.some(isDiverged);
  const head = follows ? Math.max(ledger.head, stored.upTo) : ledger.head;
  const details = [t('ledger.head', { seq: formatNumber(head, 0) })];
  const { code, lost } = ledger;
  const isDiskOrClock = code !== null && code !== 'closed';
  if (isDiskOrClock) details.unshift(t(LEDGER_FAULT_WORDS[code]));
  if (ledger.unstored > 0) {
    details.push(t('health.inMemory', { count: ledger.unstored, figure: formatNumber(ledger.unstored, 0) }));
  }
  if (lost > 0) details.push(t('ledger.lost', { count: lost, figure: formatNumber(lost, 0) }));
  // One that a disk keeps shut is not written, too; «closed» says that its file is damaged.
  const state = isDiskOrClock ? 'not-stored' : ledger.state;
  return {
    ...row('ledger', t('ledger.label'), t(LEDGER_WORDS[state])),
    mark: ledger.state === 'ok' && lost === 0 ? 'fine' : 1,
    details,
    technical: ledger.reason,
    old,
  };
}

function arrivedFact(line: LineHealth, word: EdgeWord, late: boolean, moment: Moment): Fact {
  const { upTo, at, epoch } = line.stored;
  const details: string[] = [];
  if (upTo > 0) {
    const replaced = word.kind !== 'none' && word.said.ledger.epoch !== epoch;
    const seq = formatNumber(upTo, 0);
    details.push(replaced ? t('arrived.oldUpTo', { seq }) : t('arrived.upTo', { seq }));
  }
  details.push(at === null ? t('health.nothingEver') : t('arrived.last', { when: agoWords(at, moment) }));
  const fact = { ...row('arrived', t('arrived.label'), ''), details };
  const waiting = waitingEvents(line);
  // Two edges say in turn how far they are.
  if (line.chain === 'contested') return { ...fact, words: t('arrived.unknown'), mark: 'unknown' };
  if (waiting === null || word.kind !== 'fresh')
    return { ...fact, words: t('arrived.unknown'), mark: 'unknown' };
  if (word.said.ledger.consumers.some(isDiverged)) return { ...fact, words: t('arrived.diverged'), mark: 1 };
  if (waiting > 0) {
    const words = t('arrived.waiting', { count: waiting, figure: formatNumber(waiting, 0) });
    return { ...fact, words, mark: late || line.chain === 'refused' ? 2 : 'fine' };
  }
  const { state, unstored, lost } = word.said.ledger;
  // What could not be written cannot arrive: nobody may read «all» here.
  if (state !== 'ok' || unstored > 0 || lost > 0)
    return { ...fact, words: t('arrived.written'), mark: 'unknown' };
  return { ...fact, words: t('arrived.all') };
}

function chainFact(line: LineHealth, moment: Moment): Fact {
  const fact = row('chain', t('chain.label'), t(CHAIN_WORDS[line.chain]));
  const after = t('chain.after', { seq: formatNumber(line.stored.upTo, 0) });
  switch (line.chain) {
    case 'empty':
      return { ...fact, mark: 'unknown' };
    case 'intact':
      return { ...fact, details: [t('chain.intactHint')] };
    case 'waiting':
      return { ...fact, mark: 2, details: [after] };
    case 'contested': {
      const other = otherLedger(line);
      const details = other === null ? [after] : [sinceWords(other.firstAt, moment), after];
      return { ...fact, mark: 1, details };
    }
    case 'refused': {
      const blocking = line.refusals.find((refusal) => refusal.blocking);
      if (blocking === undefined) return { ...fact, mark: 1, details: [after] };
      const details = [t(REFUSAL_WORDS[blocking.code]), sinceWords(blocking.firstAt, moment), after];
      return { ...fact, mark: 1, details, technical: blocking.detail };
    }
  }
}

/** Two ledgers under one name: how much of this one has arrived is not a question any more. */
function isDiverged({ state }: HeartbeatConsumer): boolean {
  return state === 'cursor-ahead' || state === 'fork';
}

const CONSUMER_MARKS: Readonly<Record<HeartbeatConsumer['state'], Mark>> = {
  following: 'fine',
  silent: 2,
  stuck: 2,
  refusing: 2,
  'cursor-ahead': 1,
  fork: 1,
};

function consumerFact(consumer: HeartbeatConsumer, old: boolean): Fact {
  const { waiting, upTo } = consumer;
  return {
    ...row(
      `consumer-${consumer.consumer}`,
      t('consumer.label', { consumer: consumer.consumer }),
      t(CONSUMER_WORDS[consumer.state]),
    ),
    mark: CONSUMER_MARKS[consumer.state],
    details: [
      t('consumer.upTo', { seq: formatNumber(upTo, 0) }),
      waiting === 0
        ? t('consumer.noneWaiting')
        : t('consumer.waiting', { count: waiting, figure: formatNumber(waiting, 0) }),
    ],
    technical: consumer.reason,
    old,
  };
}

function spoolFact({ spool }: Heartbeat, old: boolean, moment: Moment): Fact {
  const fact = { ...row('spool', t('spool.label'), t('spool.none')), old };
  if (spool === null) return { ...fact, words: t('spool.unused') };
  const details: string[] = [];
  if (spool.samples > 0) {
    details.push(t('spool.size', { size: formatBytes(spool.bytes), max: formatBytes(spool.maxBytes) }));
  }
  if (spool.oldestAt !== null) details.push(t('spool.oldest', { since: sinceWords(spool.oldestAt, moment) }));
  if (spool.dropped > 0) {
    details.push(t('spool.dropped', { count: spool.dropped, figure: formatNumber(spool.dropped, 0) }));
  }
  const held = t('spool.samples', { count: spool.samples, figure: formatNumber(spool.samples, 0) });
  if (spool.state !== 'ok') {
    if (spool.samples > 0) details.unshift(held);
    return { ...fact, mark: 2, words: t(SPOOL_WORDS[spool.state]), details, technical: spool.reason };
  }
  const nearlyFull = spool.bytes >= spool.maxBytes * SPOOL_NEARLY_FULL;
  return {
    ...fact,
    mark: nearlyFull ? 2 : 'fine',
    words: spool.samples > 0 ? held : t(SPOOL_WORDS.ok),
    details,
  };
}

const DISK_MARKS: Readonly<Record<Heartbeat['disk']['state'], Mark>> = {
  ok: 'fine',
  low: 2,
  reserve: 1,
  unknown: 'unknown',
};

function diskFact({ disk }: Heartbeat, old: boolean): Fact {
  const details = [t('disk.reserved', { size: formatBytes(disk.reserveBytes) })];
  if (disk.freeBytes !== null) details.unshift(t('disk.free', { size: formatBytes(disk.freeBytes) }));
  return {
    ...row('disk', t('disk.label'), t(DISK_WORDS[disk.state])),
    mark: DISK_MARKS[disk.state],
    details,
    old,
  };
}

function clockFact({ clock }: Heartbeat, old: boolean): Fact {
  const off = clock.offsetMs !== null && Math.abs(clock.offsetMs) >= CLOCK_OFF_MS;
  return {
    ...row('clock', t('clock.label'), t(CLOCK_WORDS[clock.state])),
    mark: clock.state === 'behind' || off ? 2 : clock.offsetMs === null ? 'unknown' : 'fine',
    details: [offsetWords(clock.offsetMs)],
    old,
  };
}

/** @param offsetMs server's clock minus the line's. */
function offsetWords(offsetMs: number | null): string {
  if (offsetMs === null) return t('clock.offsetUnknown');
  if (Math.abs(offsetMs) < 1000) return t('clock.offsetNone');
  const duration = formatDuration(Math.abs(offsetMs));
  return offsetMs > 0 ? t('clock.slow', { duration }) : t('clock.fast', { duration });
}

/** @returns the rows of the server's card. */
export function serverFacts(server: ServerHealth, moment: Moment): readonly Fact[] {
  const { disk, records, history, lastBackup } = server;
  const free = disk.freeBytes === null ? [] : [t('disk.free', { size: formatBytes(disk.freeBytes) })];
  const lost = history.overflowed + history.refused;
  const historyDetails = [t(HISTORY_WORDS[history.engine])];
  if (history.buffered > 0) {
    const count = history.buffered;
    historyDetails.push(t('server.buffered', { count, figure: formatNumber(count, 0) }));
  }
  if (lost > 0) historyDetails.push(t('server.historyLost', { count: lost, figure: formatNumber(lost, 0) }));
  const backupOld = lastBackup === null || moment.nowMs - lastBackup.at > BACKUP_OLD_MS;
  return [
    {
      ...row('server-disk', t('server.disk'), t(DISK_WORDS[disk.state])),
      mark: DISK_MARKS[disk.state],
      details: free,
    },
    records.away
      ? {
          ...row('server-records', t('server.records'), t('server.recordsAway')),
          mark: 1,
          details: [t(RECORDS_WORDS[records.engine])],
        }
      : { ...row('server-records', t('server.records'), t(RECORDS_WORDS[records.engine])), mark: 'plain' },
    {
      ...row(
        'server-history',
        t('server.history'),
        history.healthy ? t('server.historyHealthy') : t('server.historyAway'),
      ),
      mark: history.healthy ? (lost > 0 ? 3 : 'fine') : 2,
      details: historyDetails,
    },
    {
      ...row(
        'server-backup',
        t('server.backup'),
        lastBackup === null ? t('server.backupNever') : agoWords(lastBackup.at, moment),
      ),
      mark: backupOld ? 3 : 'fine',
      details: lastBackup === null ? [t('advice.backup')] : [formatBytes(lastBackup.bytes)],
    },
    { ...row('server-version', t('server.version'), server.version), mark: 'plain' },
  ];
}
