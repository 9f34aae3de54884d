/** Kysely's PostgreSQL dialect with the isolation that SQLite has: one transaction at a time writes. */
import {
  CompiledQuery,
  PostgresDialect,
  PostgresDriver,
  type AbortableOperationOptions,
  type DatabaseConnection,
  type Driver,
  type PostgresDialectConfig,
  type TransactionSettings,
} from 'kysely';

/** Advisory locks are numbers: these two are Trame's, the same in every version. */
export const TRANSACTION_LOCK = 7_424_001;
export const SERVER_LOCK = 7_424_002;

/** @param closed says why nothing may be asked of the database now; null: it may. */
export function singleWriterDialect(
  config: PostgresDialectConfig,
  closed: () => Error | null,
): PostgresDialect {
  return new (class extends PostgresDialect {
    override createDriver(): Driver {
      return new SingleWriterDriver(config, closed);
    }
  })(config);
}

/**
 * Every transaction first takes one advisory lock of the database and keeps it until its end. What it reads
 * stays so until it has written, as on SQLite, and nothing ever has to be tried again for isolation's sake.
 * Statements outside a transaction run beside it: whoever reads and then writes uses a transaction.
 */
class SingleWriterDriver extends PostgresDriver {
  readonly #closed: () => Error | null;

  constructor(config: PostgresDialectConfig, closed: () => Error | null) {
    super(config);
    this.#closed = closed;
  }

  override acquireConnection(options?: AbortableOperationOptions): Promise<DatabaseConnection> {
    const reason = this.#closed();
    return reason === null ? super.acquireConnection(options) : Promise.reject(reason);
  }

  override async beginTransaction(
    connection: DatabaseConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    await super.beginTransaction(connection, settings);
    try {
      await connection.executeQuery(CompiledQuery.raw(`select pg_advisory_xact_lock(${TRANSACTION_LOCK})`));
    } catch (error) {
      // Whoever begins does not roll back a beginning that failed: the connection goes back to the pool clean.
      await connection.executeQuery(CompiledQuery.raw('rollback'));
      throw error;
    }
  }
}
