/** Sort programmes as pages show them. */
import type {
  LineProgrammeRow,
  ProgrammeRow,
  ProgrammeVersionRow,
} from '@trame/protocol/sort-programmes/programme-answers';
import { programmeOutlets, type Reference } from '../material/reference.ts';
import type { ProgrammeBook, VersionHead } from './programme-book.ts';
import type { FollowedProgrammeTable, ProgrammeApprovalTable } from './programme-tables.ts';

/** @param asker opaque reference of who asks. */
export function versionRow(head: VersionHead, asker: string): ProgrammeVersionRow {
  const { version, hash, label, note, at, actorRef } = head;
  return { version, hash, label, note, savedAt: at, byYou: actorRef === asker };
}

/** What a line follows: `by` its own word, or by what was approved where it never says. */
interface Follows {
  readonly line: string;
  /** Null, and the version: something that no programme of ours could be called. */
  readonly programme: string | null;
  readonly version: number | null;
  readonly hash: string | null;
  readonly at: number;
  readonly by: 'line' | 'approval';
}

/** A programme that is not of ours has no hash, and is no version of one of ours though it has its name. */
async function followedOf(book: ProgrammeBook): Promise<Follows[]> {
  return followed(await book.allFollowed(), await book.allApproved());
}

export function followed(
  said: readonly FollowedProgrammeTable[],
  approved: readonly ProgrammeApprovalTable[],
): Follows[] {
  const silent = approved.filter(({ line }) => !said.some((one) => one.line === line));
  const follows = (
    { line, programme, version, hash, at }: FollowedProgrammeTable | ProgrammeApprovalTable,
    by: Follows['by'],
  ): Follows => ({ line, programme, version, hash, at, by });
  return [...said.map((one) => follows(one, 'line')), ...silent.map((one) => follows(one, 'approval'))].sort(
    (a, b) => (a.line < b.line ? -1 : 1),
  );
}

/** @returns a row for each programme. */
export async function programmeRows(
  book: ProgrammeBook,
  heads: readonly VersionHead[],
  asker: string,
): Promise<ProgrammeRow[]> {
  const follows = await followedOf(book);
  const known = await book.withHashes(follows.flatMap(({ hash }) => hash ?? []));
  const waiting = await book.allWaiting();
  return heads.map(({ programme, version, hash, label, example, note, at }) => ({
    id: programme,
    version,
    hash,
    label,
    example: example === 1,
    note,
    savedAt: at,
    followed: follows.flatMap(({ line, hash: of, at: since }) => {
      const found = known.find((one) => one.hash === of && one.programme === programme);
      return found === undefined ? [] : [{ line, version: found.version, at: since }];
    }),
    waiting: waiting
      .filter((one) => one.programme === programme)
      .map(({ line, version: asked, at: since, actorRef }) => ({
        line,
        version: asked,
        at: since,
        byYou: actorRef === asker,
      })),
  }));
}

/** @returns a row for each line of the site. */
export async function lineRows(
  book: ProgrammeBook,
  reference: Reference,
  asker: string,
): Promise<LineProgrammeRow[]> {
  const approvals = await book.allApproved();
  const follows = followed(await book.allFollowed(), approvals);
  const known = await book.withHashes(follows.flatMap(({ hash }) => hash ?? []));
  const waiting = await book.allWaiting();
  return reference.lines.map((line) => {
    const own = follows.find((one) => one.line === line);
    const approved = approvals.find((one) => one.line === line);
    const asked = waiting.find((one) => one.line === line);
    return {
      line,
      outlets: [...(programmeOutlets(reference, line) ?? [])],
      follows: own === undefined ? null : { ...withoutLine(own), label: labelOf(own, known) },
      approved:
        approved === undefined
          ? null
          : {
              programme: approved.programme,
              version: approved.version,
              hash: approved.hash,
              at: approved.at,
            },
      waiting:
        asked === undefined
          ? null
          : {
              programme: asked.programme,
              version: asked.version,
              hash: asked.hash,
              note: asked.note,
              at: asked.at,
              byYou: asked.actorRef === asker,
            },
    };
  });
}

function withoutLine({ line: _line, ...rest }: Follows): Omit<Follows, 'line'> {
  return rest;
}

function labelOf({ hash }: Follows, known: readonly VersionHead[]): string | null {
  return hash === null ? null : (known.find((one) => one.hash === hash)?.label ?? null);
}
