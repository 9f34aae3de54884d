/** What is known of sort programmes: versions, what waits, what was approved, what lines follow. */
import type { Kysely } from 'kysely';
import type { Place } from '../http/keyset.ts';
import type { Tables } from '../records/tables.ts';
import type {
  FollowedProgrammeTable,
  ProgrammeApprovalTable,
  ProgrammeRequestTable,
  ProgrammeVersionTable,
} from './programme-tables.ts';

/** Without the programme itself: of lists, where it would be much. */
export type VersionHead = Omit<ProgrammeVersionTable, 'body'>;

const HEAD = [
  'site',
  'programme',
  'version',
  'hash',
  'label',
  'example',
  'note',
  'at',
  'actorRef',
  'event',
] as const satisfies readonly (keyof VersionHead)[];

export class ProgrammeBook {
  readonly #records: Kysely<Tables>;
  readonly #site: string;

  /** @param records the records, or a transaction of them. */
  constructor(records: Kysely<Tables>, site: string) {
    this.#records = records;
    this.#site = site;
  }

  /** @returns the greatest version of a programme. */
  last(programme: string): Promise<VersionHead | undefined> {
    return this.#records
      .selectFrom('programme_versions')
      .select(HEAD)
      .where('site', '=', this.#site)
      .where('programme', '=', programme)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  version(programme: string, version: number): Promise<ProgrammeVersionTable | undefined> {
    return this.#records
      .selectFrom('programme_versions')
      .selectAll()
      .where('site', '=', this.#site)
      .where('programme', '=', programme)
      .where('version', '=', version)
      .executeTakeFirst();
  }

  /** @param before only versions under this one; null: all. @returns latest first. */
  versions(programme: string, before: number | null, limit: number): Promise<VersionHead[]> {
    let query = this.#records
      .selectFrom('programme_versions')
      .select(HEAD)
      .where('site', '=', this.#site)
      .where('programme', '=', programme);
    if (before !== null) query = query.where('version', '<', before);
    return query.orderBy('version', 'desc').limit(limit).execute();
  }

  /** @returns each programme by its greatest version, the one saved last first. */
  lastVersions(after: Place | null, limit: number): Promise<VersionHead[]> {
    let query = this.#records
      .selectFrom('programme_versions')
      .select(HEAD)
      .where('site', '=', this.#site)
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('programme_versions as later')
              .select('later.version')
              .whereRef('later.site', '=', 'programme_versions.site')
              .whereRef('later.programme', '=', 'programme_versions.programme')
              .whereRef('later.version', '>', 'programme_versions.version'),
          ),
        ),
      );
    if (after !== null) {
      query = query.where((where) =>
        where.or([
          where('at', '<', after.at),
          where.and([where('at', '=', after.at), where('programme', '<', after.id)]),
        ]),
      );
    }
    return query.orderBy('at', 'desc').orderBy('programme', 'desc').limit(limit).execute();
  }

  /** @returns versions with these hashes. */
  withHashes(hashes: readonly string[]): Promise<VersionHead[]> {
    if (hashes.length === 0) return Promise.resolve([]);
    return this.#records
      .selectFrom('programme_versions')
      .select(HEAD)
      .where('site', '=', this.#site)
      .where('hash', 'in', hashes)
      .execute();
  }

  /** @returns what waits on a line for another account. */
  waiting(line: string): Promise<ProgrammeRequestTable | undefined> {
    return this.#records
      .selectFrom('programme_requests')
      .selectAll()
      .where('site', '=', this.#site)
      .where('line', '=', line)
      .executeTakeFirst();
  }

  /** @returns what was approved last for a line. */
  approved(line: string): Promise<ProgrammeApprovalTable | undefined> {
    return this.#records
      .selectFrom('programme_approvals')
      .selectAll()
      .where('site', '=', this.#site)
      .where('line', '=', line)
      .executeTakeFirst();
  }

  allWaiting(): Promise<ProgrammeRequestTable[]> {
    return this.#records
      .selectFrom('programme_requests')
      .selectAll()
      .where('site', '=', this.#site)
      .orderBy('line')
      .execute();
  }

  allApproved(): Promise<ProgrammeApprovalTable[]> {
    return this.#records
      .selectFrom('programme_approvals')
      .selectAll()
      .where('site', '=', this.#site)
      .orderBy('line')
      .execute();
  }

  /** @returns of each line that ever said so, what it follows. */
  allFollowed(): Promise<FollowedProgrammeTable[]> {
    return this.#records
      .selectFrom('programmes_followed')
      .selectAll()
      .where('site', '=', this.#site)
      .orderBy('line')
      .execute();
  }
}
