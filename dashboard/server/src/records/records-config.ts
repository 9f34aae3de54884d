/** Where the records are kept. */
export type RecordsConfig =
  /** SQLite, in the data directory. */
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'postgres';
      /** `postgres://user@host:port/database`, without password. */
      readonly url: string;
      readonly password: string;
      /** PEM of the authority that the server's certificate must come from; null: no TLS. */
      readonly ca: string | null;
    };

/** What opening the records wants to know; a server's configuration has it. */
export interface RecordsPlace {
  readonly dataDir: string;
  readonly records: RecordsConfig;
}

export type RecordsEngineName = 'sqlite' | 'postgres';

export function recordsEngineName({ kind }: RecordsConfig): RecordsEngineName {
  return kind === 'postgres' ? 'postgres' : 'sqlite';
}
