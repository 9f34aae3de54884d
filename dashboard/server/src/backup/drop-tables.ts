import { Client } from 'pg';
import { postgresOptions, type PostgresConfig } from '../records/postgres-pool.ts';

/**
 * Takes away what a newer version added to a database: steps that made these tables will run again after an older
 * backup was taken back, and would find them there.
 */
export async function dropTablesExcept(config: PostgresConfig, kept: readonly string[]): Promise<void> {
  const client = new Client(postgresOptions(config));
  // A connection that breaks fails the statement under way, which is where it is handled.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = current_schema()`,
    );
    const surplus = rows.map(({ name }) => name).filter((name) => !kept.includes(name));
    if (surplus.length === 0) return;
    await client.query(
      `drop table ${surplus.map((name) => client.escapeIdentifier(name)).join(', ')} cascade`,
    );
  } finally {
    await client.end();
  }
}
