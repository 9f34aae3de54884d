/**
 * Tables of the records. Times are integer ms since 1970 UTC, local days are text, masses are whole grams,
 * truth values are 0 and 1: the same on every SQL engine.
 */
import type { Role } from '@trame/protocol/dashboard-api';
import type { LineCommandTables } from '../commands/command-tables.ts';
import type { AlarmTables } from '../alarms/alarm-tables.ts';
import type { ItemTables } from '../classification/item-tables.ts';
import type { LedgerTables } from '../ledger/ledger-tables.ts';
import type { MaterialTables } from '../material/material-tables.ts';
import type { FollowedTables } from '../sort-programmes/programme-tables.ts';
import type { StopTables } from '../stops/stop-tables.ts';

export interface UserTable {
  login: string;
  role: Role;
  /** PHC string of the secret. */
  secretHash: string;
  /** 1: made with the demonstration, its secret lies in a file. */
  demo: number;
  createdAt: number;
}

export interface SessionTable {
  /** SHA-256 of the token, hex: the token itself is only in the cookie. */
  tokenHash: string;
  login: string;
  createdAt: number;
  expiresAt: number;
}

export interface InstallationTable {
  /** Always 1: there is one row. */
  id: number;
  kind: 'real' | 'demo';
  createdAt: number;
}

/** A row: a step of the shape changed the rules by which the records follow from the ledgers. */
export interface RebuildDueTable {
  /** Always 1. */
  id: number;
}

export interface LineTable {
  line: string;
  site: string;
  /** Last line description, JSON. */
  description: string;
  firstSeenAt: number;
}

/** Whose a line name is, since its first ledger was stored. */
export interface LineSiteTable {
  line: string;
  site: string;
  since: number;
}

export interface SortedTable {
  site: string;
  line: string;
  /** `YYYY-MM-DD` in the site's zone. */
  day: string;
  outlet: string;
  grams: number;
}

export interface CounterTable {
  site: string;
  line: string;
  outlet: string;
  /** Last cumulative figure of the edge. */
  grams: number;
  /** How often the figure went back: each time a new edge data directory. */
  resets: number;
}

export interface BackupTable {
  id: string;
  /** When it was made. */
  at: number;
  bytes: number;
  /** Folder or file, as the machine names it. */
  place: string;
}

/** Whom an opaque reference of the ledger stands for: outside the chain, so that it can be erased. */
export interface ActorTable {
  ref: string;
  login: string;
  /** When that account was made: a login may be given to another person later. */
  accountMadeAt: number;
  createdAt: number;
}

/** Who asked what of an edge, and what came of it. */
export interface CommandTable {
  /** Of the request, as the edge knows it. */
  id: string;
  idempotencyKey: string;
  actorRef: string;
  site: string;
  line: string;
  command: string;
  /** Canonical JSON. */
  args: string;
  at: number;
  /** Code of the edge's reply; null: none has come yet. */
  outcome: string | null;
  detail: string | null;
  /** Number of the event that recorded it. */
  seq: number | null;
  /** In which the number counts. */
  epoch: string | null;
  answeredAt: number | null;
  /** Heartbeat of the edge that a request to move something quotes; null: it quotes none. */
  boot: string | null;
  tick: number | null;
  /** Why not, as the edge replied, JSON; null: it gave none. */
  reasons: string | null;
}

export interface Tables
  extends
    LedgerTables,
    MaterialTables,
    AlarmTables,
    StopTables,
    LineCommandTables,
    FollowedTables,
    ItemTables {
  users: UserTable;
  sessions: SessionTable;
  installation: InstallationTable;
  rebuild_due: RebuildDueTable;
  lines: LineTable;
  line_sites: LineSiteTable;
  sorted: SortedTable;
  sorted_before_ledger: SortedTable;
  counters_before_ledger: CounterTable;
  backups: BackupTable;
  actors: ActorTable;
  commands: CommandTable;
}
