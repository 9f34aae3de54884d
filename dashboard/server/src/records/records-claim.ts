/** One server for one set of records: two that project the same ledgers would count twice. */
import { Client } from 'pg';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { repeat, within } from '../ports/repeat.ts';
import { StartError } from '../start-error.ts';
import { RecordsClosed, recordsAway } from './records-away.ts';
import type { RecordsConfig } from './records-config.ts';
import { SERVER_LOCK } from './postgres-dialect.ts';
import { postgresOptions, type PostgresConfig } from './postgres-pool.ts';

/** How often the database is asked whether it is there. */
const WATCH_INTERVAL_MS = 2_000;
/** A database that does not answer that long cannot be reached. */
const WATCH_TIMEOUT_MS = 4_000;
/** How long a stop waits for a database that may be silent. */
export const FAREWELL_MS = 1_000;
/** The database lets go of a server whose machine died: after 10 s of silence it asks three times, 5 s apart. */
const SERVER_KEEP_ALIVE = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

export interface RecordsClaim {
  /** @returns why nothing may be asked of the records now; null: they are this server's. */
  closed(): Error | null;
  /** @param listener called when the records are away from now on. */
  onLost(listener: () => void): void;
  /** Keeps watch until the signal aborts: says when the records go and come, and claims them again. */
  run(signal: AbortSignal): Promise<void>;
  /** Ends what holds the claim; past a moment's farewell every connection is cut, so that a stop is never held up. */
  release(): Promise<void>;
}

/** Records in the data directory are claimed with it. */
const OWN: RecordsClaim = {
  closed: () => null,
  onLost: () => undefined,
  run: () => Promise.resolve(),
  release: () => Promise.resolve(),
};

/** @throws StartError when the database cannot be reached or another server uses it. */
export async function claimRecords(config: RecordsConfig, clock: Clock, log: Log): Promise<RecordsClaim> {
  if (config.kind === 'embedded') return OWN;
  const claim = new PostgresClaim(config, clock, log);
  const reason = await claim.take();
  if (reason === null) return claim;
  throw new StartError(`The database ${config.url} cannot be used: ${reason}`);
}

const TAKEN = 'another dashboard server uses it';

/** Holds an advisory lock of the database by a connection of its own: it ends with the process. */
class PostgresClaim implements RecordsClaim {
  readonly #config: PostgresConfig;
  readonly #clock: Clock;
  readonly #log: Log;
  #client: Client | null = null;
  #reason: string | null = null;
  readonly #listeners: (() => void)[] = [];

  constructor(config: PostgresConfig, clock: Clock, log: Log) {
    this.#config = config;
    this.#clock = clock;
    this.#log = log;
  }

  closed(): Error | null {
    return this.#reason === null ? null : new RecordsClosed(this.#reason);
  }

  onLost(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async run(signal: AbortSignal): Promise<void> {
    await repeat(this.#clock, WATCH_INTERVAL_MS, signal, async () => {
      const reason = this.#client === null ? await this.take() : await this.#ask(this.#client);
      if (reason !== null && this.#client !== null) this.#lose(reason);
    });
  }

  async release(): Promise<void> {
    const client = this.#client;
    this.#client = null;
    if (client !== null) {
      await within(this.#clock, FAREWELL_MS, client.end());
      client.connection.stream.destroy();
    }
    for (const listener of this.#listeners) listener();
  }

  /** @returns why the records cannot be claimed, or null. */
  async take(): Promise<string | null> {
    const client = new Client({
      ...postgresOptions(this.#config),
      query_timeout: WATCH_TIMEOUT_MS,
      connectionTimeoutMillis: WATCH_TIMEOUT_MS,
      options: SERVER_KEEP_ALIVE,
    });
    client.on('error', (error) => {
      if (this.#client === client) this.#lose(error.message);
    });
    const reason = await this.#lock(client);
    if (reason === null) {
      if (this.#reason !== null) this.#log.info({}, 'the records are back');
      [this.#client, this.#reason] = [client, null];
      return null;
    }
    if (this.#reason !== null && this.#reason !== reason) {
      this.#log.warn({ reason }, 'the records cannot be used');
    }
    this.#reason = reason;
    await client.end().catch(() => undefined);
    return reason;
  }

  async #lock(client: Client): Promise<string | null> {
    try {
      await client.connect();
      const { rows } = await client.query<{ taken: boolean }>(
        `select pg_try_advisory_lock(${SERVER_LOCK}) as taken`,
      );
      return rows[0]?.taken === true ? null : TAKEN;
    } catch (error) {
      return reasonOf(error);
    }
  }

  async #ask(client: Client): Promise<string | null> {
    try {
      await client.query('select 1');
      return null;
    } catch (error) {
      return reasonOf(error);
    }
  }

  #lose(reason: string): void {
    const client = this.#client;
    this.#client = null;
    this.#reason = reason;
    this.#log.error({ reason }, 'the records are away: what needs them is refused until they are back');
    client?.end().catch(() => undefined);
    for (const listener of this.#listeners) listener();
  }
}

function reasonOf(error: unknown): string {
  return recordsAway(error) ?? (error instanceof Error ? error.message : String(error));
}
