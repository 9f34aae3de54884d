/** The real database is killed under the consumer: what was acknowledged is there, what was not comes later. */
import { decodeAck } from '@trame/protocol/ledger-message';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openRecords } from '../records/open-records.ts';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { movableClock } from '../testing/movable-clock.ts';
import { startPostgres } from '../testing/postgres.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { LedgerConsumer } from './ledger-consumer.ts';
import { RecordsLedgerStore } from './records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from './test-ledger.ts';

const ROUNDS = 3;

it('loses and doubles nothing when PostgreSQL is killed again and again', { timeout: 120_000 }, async () => {
  await using postgres = await startPostgres({ durable: true });
  await postgres.createDatabase('trame');
  const records = await openRecords({ dataDir: '', records: postgres.config('trame') });
  const log = keepingLog();
  let upTo = 0;
  const consumer = new LedgerConsumer({
    consumer: 'trame',
    store: new RecordsLedgerStore(records, localDayIn('Europe/Paris')),
    clock: movableClock(TEST_NOW_MS),
    log,
    publish: (_topic, payload) => {
      upTo = decodeAck(Buffer.from(payload))?.upTo ?? upTo;
    },
  });
  const ended = new AbortController();
  const running = consumer.run(ended.signal);
  const ledger = new TestLedger();
  ledger.open();
  let total = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const fallen = systemClock.monotonicMs() + 300;
    while (systemClock.monotonicMs() < fallen) {
      total += 7;
      ledger.count('creme', 7, total);
      consumer.message(ledger.topic, messageOf(ledger.events.slice(upTo)));
      await systemClock.sleep(5, ended.signal);
    }
    await postgres.kill();
    consumer.message(ledger.topic, messageOf(ledger.events.slice(upTo)));
    await eventually(() => (consumer.isAway ? true : null), 20_000);
    const acknowledged = upTo;
    await postgres.start();
    const there = await eventually(async () => {
      const rows = await postgres.query('trame', 'select count(*)::int as "stored" from ledger_events');
      return rows[0]?.['stored'];
    }, 20_000);
    expect(there).toBeGreaterThanOrEqual(acknowledged);
    // As its edge does when the cursor does not move.
    await eventually(() => {
      consumer.message(ledger.topic, messageOf(ledger.events.slice(upTo)));
      return upTo === ledger.events.length && !consumer.isAway ? true : null;
    }, 20_000);
  }
  ended.abort();
  await running;
  const rows = await records.selectFrom('ledger_events').select('hash').orderBy('place').execute();
  expect(rows.map(({ hash }) => hash)).toEqual(ledger.events.map(({ hash }) => hash));
  expect(await records.selectFrom('sorted').select('grams').execute()).toEqual([{ grams: total }]);
  const away = log.sentences.filter((said) => said.startsWith('the records are away'));
  expect(away.length).toBeGreaterThanOrEqual(ROUNDS);
  expect(away.length).toBeLessThan(ROUNDS * 10);
  await records.destroy();
});

it('waits for the disk at each commit, also of a database that is set not to', async () => {
  await using postgres = await startPostgres();
  await postgres.createDatabase('trame');
  expect(await postgres.query('trame', 'show synchronous_commit')).toEqual([{ synchronous_commit: 'off' }]);
  const records = await openRecords({ dataDir: '', records: postgres.config('trame') });
  const { rows } = await sql`show synchronous_commit`.execute(records);
  expect(rows).toEqual([{ synchronous_commit: 'on' }]);
  await records.destroy();
});
