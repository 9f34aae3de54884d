import { decodeAck, type LedgerAck } from '@trame/protocol/ledger-message';
import { describe, expect, it } from 'vitest';
import type { Records } from '../records/open-records.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { eventOfRow } from './event-row.ts';
import { LedgerConsumer } from './ledger-consumer.ts';
import type { LedgerStore } from './ledger-store.ts';
import { ACK_SOON_MS } from './limits.ts';
import { RecordsLedgerStore } from './records-ledger-store.ts';
import { testClock } from './test-clock.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from './test-ledger.ts';

const dayOf = localDayIn('Europe/Paris');

function consumerOn(store: LedgerStore) {
  const clock = testClock();
  const log = keepingLog();
  const acks: { topic: string; ack: LedgerAck }[] = [];
  const consumer = new LedgerConsumer({
    consumer: 'trame',
    store,
    clock,
    log,
    publish: (topic, payload) => {
      const ack = decodeAck(Buffer.from(payload));
      if (ack === null) throw new Error(`not an acknowledgement: ${payload}`);
      acks.push({ topic, ack });
    },
  });
  const settle = async (passMs = ACK_SOON_MS) => {
    await consumer.drain();
    clock.pass(passMs);
    await consumer.tick();
  };
  return { consumer, clock, log, acks, settle, last: () => acks.at(-1)?.ack };
}

const storedEvents = async (records: Records) =>
  (await records.selectFrom('ledger_events').selectAll().orderBy('place').execute()).map(eventOfRow);

describe.each(RECORDS_ENGINES)('the consumer of ledgers, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  async function started() {
    const fresh = await freshRecords();
    return { ...consumerOn(new RecordsLedgerStore(fresh.records, dayOf)), records: fresh.records, fresh };
  }

  it('stores what follows and says how far, once what is said is on the disk', async () => {
    const { consumer, settle, acks, last, records, fresh } = await started();
    await using _ = fresh;
    const ledger = new TestLedger();
    ledger.open();
    ledger.fill(20);
    consumer.message(ledger.topic, messageOf(ledger.events));
    await settle();
    expect(await storedEvents(records)).toStrictEqual(ledger.events);
    expect(acks.map(({ topic }) => topic)).toEqual([`trame/v1/caux/tri-1/ledger/ack/trame`]);
    expect(last()).toEqual({
      consumer: 'trame',
      epoch: ledger.epoch,
      upTo: 21,
      hash: ledger.last.hash,
      at: TEST_NOW_MS + ACK_SOON_MS,
    });
  });
});
