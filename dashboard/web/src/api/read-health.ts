/** Reads `GET /api/v1/health`. Words that the page cannot say in French make the body unreadable, not half-read. */
import type {
  CommandAnswer,
  HealthOverview,
  LedgerRefusal,
  LineHealth,
  UncountedMass,
  Strangers,
} from '@trame/protocol/health-api';
import type { SortingHealth } from '@trame/protocol/heartbeat-sorting';
import type { Heartbeat, HeartbeatConsumer, LedgerStatus, SpoolStatus } from '@trame/protocol/heartbeat';
import {
  CHAIN_WORDS,
  CLOCK_WORDS,
  CONSUMER_WORDS,
  DISK_WORDS,
  HISTORY_WORDS,
  ITEMS_WORDS,
  LEDGER_FAULT_WORDS,
  LEDGER_WORDS,
  RECORDS_WORDS,
  REFUSAL_WORDS,
  SPOOL_WORDS,
} from '../messages/health-words.ts';
import { isHistoryGap } from './read-bodies.ts';
import { isFlag, isNumber, isText, keyOf, listOf, orLeftOut, orNull, shape, type Guard } from './shape.ts';

type Server = HealthOverview['server'];

const isConsumer = shape<HeartbeatConsumer>({
  consumer: isText,
  state: keyOf(CONSUMER_WORDS),
  upTo: isNumber,
  waiting: isNumber,
  reason: orNull(isText),
});

const isLedgerStatus = shape<LedgerStatus>({
  state: keyOf(LEDGER_WORDS),
  code: orNull(keyOf(LEDGER_FAULT_WORDS)),
  reason: orNull(isText),
  epoch: orNull(isText),
  head: isNumber,
  hash: orNull(isText),
  unstored: isNumber,
  lost: isNumber,
  consumers: listOf(isConsumer),
});

const isSpoolStatus = shape<SpoolStatus>({
  state: keyOf(SPOOL_WORDS),
  reason: orNull(isText),
  samples: isNumber,
  bytes: isNumber,
  maxBytes: isNumber,
  oldestAt: orNull(isNumber),
  dropped: isNumber,
});

const isModel = shape<NonNullable<SortingHealth['model']>>({ id: isText, sha256: isText });
const isProgramme = shape<NonNullable<SortingHealth['programme']>>({
  id: isText,
  version: isNumber,
  hash: isText,
});

const isSorting = shape<SortingHealth>({
  model: orNull(isModel),
  modelFault: orNull(isText),
  programme: orNull(isProgramme),
  programmeFault: orNull(isText),
  fallback: isText,
  sorted: isNumber,
  toFallback: isNumber,
  late: isNumber,
  unwritten: isNumber,
  missed: isNumber,
  items: shape<SortingHealth['items']>({
    state: keyOf(ITEMS_WORDS),
    reason: orNull(isText),
    dropped: isNumber,
  }),
});

const isHeartbeat = shape<Heartbeat>({
  v: (value): value is 1 => value === 1,
  boot: isText,
  tick: isNumber,
  at: isNumber,
  version: isText,
  ledger: isLedgerStatus,
  spool: orNull(isSpoolStatus),
  disk: shape<Heartbeat['disk']>({
    state: keyOf(DISK_WORDS),
    freeBytes: orNull(isNumber),
    reserveBytes: isNumber,
  }),
  clock: shape<Heartbeat['clock']>({ state: keyOf(CLOCK_WORDS), offsetMs: orNull(isNumber) }),
  sorting: orLeftOut(isSorting),
});

const isRefusal = shape<LedgerRefusal>({
  id: isText,
  code: keyOf(REFUSAL_WORDS),
  epoch: orNull(isText),
  seq: orNull(isNumber),
  detail: isText,
  count: isNumber,
  firstAt: isNumber,
  lastAt: isNumber,
  blocking: isFlag,
});

const isLine = shape<LineHealth>({
  id: isText,
  site: isText,
  line: isText,
  heartbeat: orNull(shape<NonNullable<LineHealth['heartbeat']>>({ receivedAt: isNumber, said: isHeartbeat })),
  stored: shape<LineHealth['stored']>({
    epoch: orNull(isText),
    upTo: isNumber,
    hash: orNull(isText),
    at: orNull(isNumber),
  }),
  chain: keyOf(CHAIN_WORDS),
  refusals: listOf(isRefusal),
  gaps: listOf(isHistoryGap),
  uncounted: listOf(
    shape<UncountedMass>({ counter: isText, grams: isNumber, since: orNull(isNumber), until: isNumber }),
  ),
});

const isStrangers = shape<Strangers>({
  count: isNumber,
  rows: listOf(
    shape<Strangers['rows'][number]>({
      site: isText,
      line: isText,
      code: keyOf(REFUSAL_WORDS),
      detail: isText,
      count: isNumber,
      lastAt: isNumber,
    }),
  ),
});

const SERVER_DISK_STATES: Readonly<Record<Server['disk']['state'], true>> = {
  ok: true,
  low: true,
  unknown: true,
};

const isServer = shape<Server>({
  disk: shape<Server['disk']>({ freeBytes: orNull(isNumber), state: keyOf(SERVER_DISK_STATES) }),
  records: shape<Server['records']>({ engine: keyOf(RECORDS_WORDS), away: isFlag }),
  history: shape<Server['history']>({
    engine: keyOf(HISTORY_WORDS),
    healthy: isFlag,
    buffered: isNumber,
    overflowed: isNumber,
    refused: isNumber,
  }),
  lastBackup: orNull(shape<NonNullable<Server['lastBackup']>>({ at: isNumber, bytes: isNumber })),
  version: isText,
});

const isOverview: Guard<HealthOverview> = shape<HealthOverview>({
  at: isNumber,
  lines: listOf(isLine),
  strangers: isStrangers,
  server: isServer,
});

const isCommandAnswer = shape<Pick<CommandAnswer, 'id' | 'code' | 'detail' | 'seq'>>({
  id: isText,
  code: isText,
  detail: orNull(isText),
  seq: orNull(isNumber),
});

export function readHealth(body: unknown): HealthOverview | null {
  return isOverview(body) ? body : null;
}

export function readCommandAnswer(body: unknown): CommandAnswer | null {
  return isCommandAnswer(body) ? body : null;
}
