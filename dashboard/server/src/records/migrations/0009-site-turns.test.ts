import { expect, it } from 'vitest';
import { rebuildProjections } from '../../ledger/rebuild-projections.ts';
import { RecordsLedgerStore } from '../../ledger/records-ledger-store.ts';
import { messageOf, opaqueId, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { received } from '../../material/project/test-material.ts';
import { embeddedRecords } from '../../testing/embedded-records.ts';
import { recordsBefore } from '../../testing/records-before.ts';
import { tempDir } from '../../testing/temp-dir.ts';
import { localDayIn } from '../../tonnage/local-day.ts';

const dayOf = localDayIn('Europe/Paris');

it('begins the book after what was stored before there was one, also when it is made again', async () => {
  using now = tempDir();
  using before = tempDir();
  const ledger = new TestLedger();
  ledger.open();
  ledger.count('creme', 500, 500);
  const boot = '00000000000000aa';
  ledger.add('edge.started', { version: '1', boot, unclean: true, lastAliveAt: null });
  const verified = { scale: 'floor', on: '2026-11-19', request: opaqueId('request') } as const;
  ledger.add('scale.verified', { ...verified, outcome: 'accepted', due: '2027-11-19' });
  ledger.add('scale.verified', { ...verified, outcome: 'refused', due: null });
  const stored = await embeddedRecords(now.path);
  await new RecordsLedgerStore(stored, dayOf).take(
    ledger,
    [{ kind: 'bytes', bytes: messageOf(ledger.events) }],
    TEST_NOW_MS,
  );
  await stored.destroy();
  await recordsBefore(now.path, before.path, '0007');
  const records = await embeddedRecords(before.path);
  expect(await records.selectFrom('site_turns').selectAll().execute()).toEqual([
    { site: 'caux', turn: -1, line: 'tri-1', place: 5 },
  ]);
  const log = records.selectFrom('scale_log').select(['event', 'entry', 'onDay', 'due']).orderBy('at');
  const [, , , accepted, refused] = ledger.events;
  const book = [
    { event: accepted?.id, entry: 'verification', onDay: '2026-11-19', due: '2027-11-19' },
    { event: refused?.id, entry: 'refusal', onDay: '2026-11-19', due: null },
  ];
  expect(await log.execute()).toEqual(book);
  ledger.add('lot.received', received(1, 300));
  ledger.count('creme', 20, 520);
  await new RecordsLedgerStore(records, dayOf).take(
    ledger,
    [{ kind: 'bytes', bytes: messageOf(ledger.events) }],
    TEST_NOW_MS,
  );
  const holdings = () => records.selectFrom('holdings').select(['account', 'lot', 'grams']).execute();
  const right = await holdings();
  expect(right).toContainEqual({ account: 'bin:tri-1/creme', lot: 'unknown', grams: 20 });
  await rebuildProjections(records, dayOf);
  expect(await holdings()).toEqual(right);
  expect(await log.execute()).toEqual(book);
  expect(await records.selectFrom('restarts').selectAll().execute()).toEqual([]);
  expect(await records.selectFrom('sorted').select('grams').execute()).toEqual([{ grams: 520 }]);
  await records.destroy();
});
