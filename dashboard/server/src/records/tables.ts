/**
 * Tables of the records. Times are integer ms since 1970 UTC, local days are text, masses are whole grams,
 * truth values are 0 and 1: the same on every SQL engine.
 */
import type { Role } from '@trame/protocol/dashboard-api';

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

export interface LineTable {
  line: string;
  site: string;
  /** Last line description, JSON. */
  description: string;
  firstSeenAt: number;
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

export interface Tables {
  users: UserTable;
  sessions: SessionTable;
  installation: InstallationTable;
  lines: LineTable;
  sorted: SortedTable;
  counters: CounterTable;
}
