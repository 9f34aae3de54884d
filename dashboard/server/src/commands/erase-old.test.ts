/** What is known of persons ends at its date, on both engines. */
import { expect, describe, it } from 'vitest';
import { mkdirAt, site } from '../backup/test-site.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { eventually } from '../testing/eventually.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { claimRequest, REQUESTS_KEPT_MS } from '../material/act-requests.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { movableClock } from '../testing/movable-clock.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { RecordsClosed } from '../records/records-away.ts';
import type { Records } from '../records/open-records.ts';
import { actorRefOf } from './actor-repository.ts';
import { noteCommand, noteReply } from './command-repository.ts';
import { eraseOld, keepErasing, monthsBefore } from './erase-old.ts';

const NOW = Date.UTC(2026, 10, 20);
const CUTOFF = Date.UTC(2023, 10, 20);
const DAY = 86_400_000;

async function order(records: Records, id: string, actorRef: string, at: number): Promise<void> {
  const what = { site: 'caux', line: 'tri-1', command: 'clock.confirm', args: '{}' };
  await noteCommand(records, { id, idempotencyKey: id, actorRef, ...what, at, boot: null, tick: null });
}

const ids = async (records: Records) =>
  (await records.selectFrom('commands').select('id').orderBy('id').execute()).map(({ id }) => id);
const logins = async (records: Records) =>
  (await records.selectFrom('actors').select('login').orderBy('login').execute()).map(({ login }) => login);

describe('so many months before', () => {
  it.each([
    ['2026-11-20T10:00:00Z', 36, '2023-11-20T10:00:00Z'],
    ['2026-03-31T10:00:00Z', 1, '2026-02-28T10:00:00Z'],
    ['2027-02-28T00:00:00Z', 36, '2024-02-28T00:00:00Z'],
    ['2024-02-29T00:00:00Z', 12, '2023-02-28T00:00:00Z'],
    ['2026-01-15T00:00:00Z', 1, '2025-12-15T00:00:00Z'],
  ])('%s, %i: %s', (at, months, before) => {
    expect(new Date(monthsBefore(Date.parse(at), months)).toISOString()).toBe(before.replace('Z', '.000Z'));
  });
});

describe.each(RECORDS_ENGINES)('what is known of persons, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);

  it('is not the keys of acts about material, which are forgotten when such an act is too old to be done', async () => {
    await using it = await fresh();
    const { records } = it;
    for (const [key, at] of [
      ['key-old-1', NOW - REQUESTS_KEPT_MS - 1],
      ['key-kept-1', NOW - REQUESTS_KEPT_MS],
    ] as const) {
      await claimRequest(records, { key, bodyHash: 'h' }, at);
    }
    await eraseOld(records, CUTOFF, NOW - REQUESTS_KEPT_MS);
    const left = await records.selectFrom('material_requests').select('idempotencyKey').execute();
    expect(left).toEqual([{ idempotencyKey: 'key-kept-1' }]);
  });

  it('is erased when they have done nothing for so long; what is younger stays', async () => {
    await using it = await fresh();
    const { records } = it;
    const refOf = (login: string, atMs: number) => actorRefOf(records, login, atMs, systemEntropy);
    const left = await refOf('left', CUTOFF - 900 * DAY);
    const still = await refOf('still', CUTOFF - 900 * DAY);
    const accepted = await refOf('accepted', CUTOFF - 900 * DAY);
    await refOf('fresh', CUTOFF);
    await order(records, 'a-old', left, CUTOFF - 1);
    await order(records, 'b-old', still, CUTOFF - DAY);
    await noteReply(records, { v: 1, id: 'b-old', code: 'done', detail: null, seq: 4, epoch: null }, NOW);
    await order(records, 'c-kept', still, CUTOFF);
    const epoch = { site: 'caux', line: 'tri-1', epoch: 'e', acceptedAt: CUTOFF };
    await records
      .insertInto('ledger_epochs')
      .values({ ...epoch, acceptedBy: accepted })
      .execute();
    expect(await eraseOld(records, CUTOFF)).toEqual({ actors: 1, commands: 2 });
    expect([await ids(records), await logins(records)]).toEqual([['c-kept'], ['accepted', 'fresh', 'still']]);
    expect(await refOf('still', NOW)).toBe(still);
    expect(await refOf('left', NOW)).not.toBe(left);
    expect(await eraseOld(records, CUTOFF)).toEqual({ actors: 0, commands: 0 });
  });

  it('is looked at at every start and once a day, also after a day without records', async () => {
    await using it = await fresh();
    const { records } = it;
    await order(records, 'first', 'r', CUTOFF - 1);
    await order(records, 'second', 'r', CUTOFF + DAY / 2);
    await order(records, 'third', 'r', CUTOFF + 3 * DAY);
    const ended = new AbortController();
    const clock = movableClock(NOW);
    const seen: string[][] = [];
    let isAway = false;
    const log = keepingLog();
    await keepErasing({
      records: {
        transaction: () => {
          if (isAway) throw new RecordsClosed('the database is away');
          return records.transaction();
        },
      },
      keepMonths: 36,
      log,
      signal: ended.signal,
      clock: {
        ...clock,
        nowMs: () => NOW + seen.length * DAY,
        sleep: async (ms) => {
          expect(ms).toBe(DAY);
          seen.push(await ids(records));
          isAway = seen.length === 1;
          if (seen.length === 3) ended.abort();
        },
      },
    });
    expect(seen).toEqual([['second', 'third'], ['second', 'third'], ['third']]);
    expect(log.sentences.filter((sentence) => sentence.includes('could not be erased'))).toHaveLength(1);
  });
});

it('is erased by a running server', async () => {
  using directory = tempDir();
  const here = site(directory.path);
  const before = await embeddedRecords(mkdirAt(here.data));
  await order(before, 'long-ago', 'r', 1);
  await before.destroy();
  const server = await here.start();
  const records = await embeddedRecords(here.data);
  const erased = await eventually(async () => ((await ids(records)).length === 0 ? true : null));
  expect(erased).toBe(true);
  await records.destroy();
  await server.stop();
});
