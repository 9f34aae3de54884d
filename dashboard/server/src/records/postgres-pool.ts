import { Pool, type Client, type PoolConfig } from 'pg';
import { NUMBER_TYPES } from './postgres-numbers.ts';
import type { RecordsConfig } from './records-config.ts';

export type PostgresConfig = Extract<RecordsConfig, { kind: 'postgres' }>;

/** One server asks little at a time: more connections would only wait for each other. */
const CONNECTIONS_MAX = 4;
const CONNECT_TIMEOUT_MS = 5_000;
/** A statement that takes longer is given up by the database… */
const STATEMENT_TIMEOUT_MS = 10_000;
/** …waits for a lock no longer than this… */
const LOCK_TIMEOUT_MS = 5_000;
/** …and one that is not even answered is given up here: the database cannot be reached. */
const ANSWER_TIMEOUT_MS = 15_000;
const IDLE_TIMEOUT_MS = 30_000;

/** Whatever the database is set to: a commit that returned before its disk would lose what was acknowledged. */
const COMMIT_ON_DISK = '-c synchronous_commit=on';

/** How a connection is made; the password never stands in a text that may be shown. */
export function postgresOptions({ url, password, ca }: PostgresConfig): PoolConfig {
  const { hostname, port, pathname, username } = new URL(url);
  const host = hostname.replace(/^\[|\]$/gu, '');
  return {
    host,
    port: port === '' ? 5432 : Number(port),
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
    password,
    // Its name or address is what the certificate must be made out to; the library tells only names.
    ssl: ca === null ? false : { ca, rejectUnauthorized: true, host },
    application_name: 'trame-dashboard',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    options: COMMIT_ON_DISK,
    types: NUMBER_TYPES,
  };
}

export interface CuttablePool {
  readonly pool: Pool;
  /** Ends every connection now: one that a dead network holds would keep whoever uses it waiting. */
  readonly cut: () => void;
}

/** @param onFault told of a connection that broke while nobody used it; it must not end the process. */
export function postgresPool(config: PostgresConfig, onFault: (reason: string) => void): CuttablePool {
  const pool = new Pool({
    ...postgresOptions(config),
    max: CONNECTIONS_MAX,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
  });
  const clients = new Set<Client>();
  pool.on('error', (error) => onFault(error.message));
  pool.on('connect', (client) => {
    clients.add(client);
    // A connection that is in use but has no statement under way tells its end to nobody else.
    client.on('error', () => undefined);
  });
  pool.on('remove', (client) => clients.delete(client));
  const cut = () => {
    for (const client of clients) {
      // Not its polite end, which would wait for an answer.
      client.connection.stream.destroy(new Error('Connection terminated: the records are away'));
    }
  };
  return { pool, cut };
}
