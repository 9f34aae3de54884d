/** The consumer on both engines: what it stores, what it says, what it refuses, and what it survives. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { eventHash, payloadHash, sealEvent } from '@trame/protocol/hash-chain';
import { EVENT_TIME_AHEAD_MAX_MS, envelopeOf, type LedgerEvent } from '@trame/protocol/ledger-event';
import { decodeAck, MESSAGE_BYTES_MAX, type LedgerAck } from '@trame/protocol/ledger-message';
import { REFUSAL_CODES, type RefusalCode } from '@trame/protocol/ledger-names';
import { describe, expect, it } from 'vitest';
import type { Records } from '../records/open-records.ts';
import { RecordsClosed } from '../records/records-away.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { acceptEpoch } from './epoch-decision.ts';
import { eventOfRow } from './event-row.ts';
import { HeartbeatBoard } from './heartbeat-board.ts';
import { LedgerConsumer } from './ledger-consumer.ts';
import { ledgerStatus } from './ledger-status.ts';
import type { LedgerStore } from './ledger-store.ts';
import {
  ACK_INTERVAL_MS,
  ACK_SOON_MS,
  ASK_AGAIN_INTERVAL_MS,
  LEDGER_LINES_MAX,
  QUEUE_BYTES_MAX,
  QUEUE_MESSAGES_MAX,
  REFUSALS_PER_LINE_MAX,
} from './limits.ts';
import { RecordsLedgerStore } from './records-ledger-store.ts';
import { testClock } from './test-clock.ts';
import { messageOf, opaqueId, TEST_NOW_MS, TEST_WEIGHING, TestLedger } from './test-ledger.ts';

const dayOf = localDayIn('Europe/Paris');

function consumerOn(store: LedgerStore) {
  const clock = testClock();
  const log = keepingLog();
  const acks: { topic: string; ack: LedgerAck }[] = [];
  const refused: RefusalCode[] = [];
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
    onRefused: (_address, code) => void refused.push(code),
  });
  const settle = async (passMs = ACK_SOON_MS) => {
    await consumer.drain();
    clock.pass(passMs);
    await consumer.tick();
  };
  return { consumer, clock, log, acks, refused, settle, last: () => acks.at(-1)?.ack };
}

const storedEvents = async (records: Records) =>
  (await records.selectFrom('ledger_events').selectAll().orderBy('place').execute()).map(eventOfRow);

const count = async (records: Records, table: 'ledger_events' | 'weighings' | 'ledger_refusals') =>
  (
    await records
      .selectFrom(table)
      .select((select) => select.fn.countAll<number>().as('all'))
      .executeTakeFirstOrThrow()
  ).all;

const status = async (records: Records, consumer: LedgerConsumer) => {
  const isWaiting = consumer.isWaiting.bind(consumer);
  const { lines } = await ledgerStatus({
    records,
    board: new HeartbeatBoard(),
    isWaiting,
    nowMs: TEST_NOW_MS + 1_000,
  });
  return lines;
};

/** An event with a part exchanged after it was sealed, and sealed again. */
function resealed(event: LedgerEvent, changes: Partial<LedgerEvent>): LedgerEvent {
  const changed = { ...event, ...changes };
  return sealEvent(changed.prev, envelopeOf(changed), changed.payload ?? {});
}

describe.each(RECORDS_ENGINES)('the consumer of ledgers, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  async function started() {
    const fresh = await freshRecords();
    const store = new RecordsLedgerStore(fresh.records, dayOf);
    return { ...consumerOn(store), store, records: fresh.records, fresh };
  }

  /** A consumer that has stored the first `events` of a ledger, and the ledger. */
  async function following(events: number) {
    const parts = await started();
    const ledger = new TestLedger();
    ledger.open();
    ledger.fill(events - 1);
    parts.consumer.message(ledger.topic, messageOf(ledger.events));
    await parts.settle();
    return { ...parts, ledger };
  }

  it('stores what follows and says how far', async () => {
    const { ledger, acks, last, records, consumer, fresh } = await following(21);
    await using _ = fresh;
    expect(await storedEvents(records)).toStrictEqual(ledger.events);
    expect(acks.map(({ topic }) => topic)).toEqual(['trame/v1/caux/tri-1/ledger/ack/trame']);
    expect(last()).toEqual({
      consumer: 'trame',
      epoch: ledger.epoch,
      upTo: 21,
      hash: ledger.last.hash,
      at: TEST_NOW_MS + ACK_SOON_MS,
    });
    expect(await status(records, consumer)).toMatchObject([
      {
        id: 'tri-1',
        site: 'caux',
        chain: 'intact',
        stored: { upTo: 21, hash: ledger.last.hash },
        refusals: [],
      },
    ]);
  });

  it('stores an event once, however often it is sent', async () => {
    const { ledger, consumer, settle, last, records, fresh } = await following(5);
    await using _ = fresh;
    ledger.fill(5);
    for (const [from, to] of [
      [0, 10],
      [3, 7],
      [0, 10],
      [9, 10],
    ]) {
      consumer.message(ledger.topic, messageOf(ledger.events.slice(from, to)));
    }
    await settle();
    expect(await storedEvents(records)).toStrictEqual(ledger.events);
    expect(consumer.counts).toMatchObject({ stored: 10, already: 5 + 4 + 10 + 1 });
    expect(last()?.upTo).toBe(10);
  });

  it('asks at once for what is missing, and takes it then', async () => {
    const { ledger, consumer, settle, acks, last, records, fresh } = await following(5);
    await using _ = fresh;
    ledger.fill(10);
    consumer.message(ledger.topic, messageOf(ledger.events.slice(10)));
    await settle(ASK_AGAIN_INTERVAL_MS);
    expect(acks).toHaveLength(2);
    expect(last()).toMatchObject({ upTo: 5, hash: ledger.events[4]?.hash });
    expect(await status(records, consumer)).toMatchObject([{ chain: 'waiting' }]);
    for (let again = 0; again < 50; again += 1) {
      consumer.message(ledger.topic, messageOf(ledger.events.slice(10)));
      await settle(1);
    }
    expect(acks).toHaveLength(2);
    consumer.message(ledger.topic, messageOf(ledger.events.slice(5)));
    await settle();
    expect(last()).toMatchObject({ upTo: 15, hash: ledger.last.hash });
    expect(await storedEvents(records)).toStrictEqual(ledger.events);
    expect(await status(records, consumer)).toMatchObject([{ chain: 'intact' }]);
  });

  it('asks a line that it never saw for its first event', async () => {
    const { consumer, settle, last, records, fresh } = await started();
    await using _ = fresh;
    const ledger = new TestLedger();
    ledger.open();
    ledger.fill(3);
    consumer.message(ledger.topic, messageOf(ledger.events.slice(2)));
    await settle();
    expect(last()).toEqual({
      consumer: 'trame',
      epoch: null,
      upTo: 0,
      hash: null,
      at: TEST_NOW_MS + ACK_SOON_MS,
    });
    expect(await count(records, 'ledger_events')).toBe(0);
  });

  it('tells every line again how far it is stored, also after a restart', async () => {
    const { clock, consumer, acks, store, ledger, fresh } = await following(3);
    await using _ = fresh;
    clock.pass(ACK_INTERVAL_MS - 1);
    await consumer.tick();
    expect(acks).toHaveLength(1);
    clock.pass(1);
    await consumer.tick();
    expect(acks).toHaveLength(2);
    consumer.linkUp();
    await consumer.tick();
    expect(acks).toHaveLength(3);
    const again = consumerOn(store);
    await again.consumer.tick();
    expect(again.last()).toMatchObject({ epoch: ledger.epoch, upTo: 3, hash: ledger.last.hash });
  });

  it('loses and doubles nothing when it dies between storing and acknowledging', async () => {
    const { store, records, fresh } = await started();
    await using _ = fresh;
    const ledger = new TestLedger();
    ledger.open();
    ledger.add('weighing.recorded', TEST_WEIGHING);
    const dying = consumerOn(store);
    dying.consumer.message(ledger.topic, messageOf(ledger.events));
    await dying.consumer.drain();
    expect(dying.acks).toEqual([]);
    const next = consumerOn(store);
    next.consumer.message(ledger.topic, messageOf(ledger.events));
    await next.settle();
    expect(next.last()?.upTo).toBe(2);
    expect(await count(records, 'weighings')).toBe(1);
    expect(next.consumer.counts).toMatchObject({ stored: 0, already: 2 });
  });

  it('stores all of a message or nothing, whichever statement fails, and acknowledges nothing of it', async () => {
    const { records, fresh } = await started();
    await using _ = fresh;
    const ledger = new TestLedger();
    ledger.open();
    ledger.add('weighing.recorded', TEST_WEIGHING);
    ledger.count('creme', 400_000, 400_000);
    ledger.add('telemetry.gap', { from: TEST_NOW_MS, to: TEST_NOW_MS + 1, samples: 3, reason: 'too-old' });
    const message = messageOf([...ledger.events, { no: 'event' }]);
    let failing = 0;
    const outcomes: { readonly here: string; readonly said: number }[] = [];
    for (let survived = false; !survived; failing += 1) {
      let statement = 0;
      const failsOnce = records.withPlugin({
        transformQuery: ({ node }) => {
          statement += 1;
          if (statement === failing + 1) throw new RecordsClosed(`statement ${statement}`);
          return node;
        },
        transformResult: ({ result }) => Promise.resolve(result),
      });
      const dying = consumerOn(new RecordsLedgerStore(failsOnce, dayOf));
      dying.consumer.message(ledger.topic, message);
      await dying.settle();
      survived = dying.last()?.upTo === 4;
      const here = [
        await count(records, 'ledger_events'),
        await count(records, 'weighings'),
        await count(records, 'ledger_refusals'),
      ];
      outcomes.push({ here: here.join(), said: Math.max(0, ...dying.acks.map(({ ack }) => ack.upTo)) });
    }
    const nothing = outcomes.filter(({ here }) => here === '0,0,0');
    expect(nothing.length).toBeGreaterThan(8);
    expect(nothing.every(({ said }) => said === 0)).toBe(true);
    // All is there, and not yet acknowledged, when only asking how far the lines are has failed.
    expect(outcomes.slice(nothing.length).map(({ here }) => here.slice(0, 3))).toEqual(
      outcomes.slice(nothing.length).map(() => '4,1'),
    );
    expect(outcomes.at(-1)?.said).toBe(4);
    expect(await storedEvents(records)).toStrictEqual(ledger.events);
  });

  it('acknowledges nothing while the records are away, says so once, and stores it all when they are back', async () => {
    const { store, records, fresh } = await started();
    await using _ = fresh;
    let away = true;
    const sometimes: LedgerStore = {
      take: (...args) => (away ? Promise.reject(new RecordsClosed('gone')) : store.take(...args)),
      cursors: () => (away ? Promise.reject(new RecordsClosed('gone')) : store.cursors()),
    };
    const { consumer, acks, settle, last, log } = consumerOn(sometimes);
    const ledger = new TestLedger();
    ledger.open();
    for (let round = 0; round < 5; round += 1) {
      consumer.message(ledger.topic, messageOf(ledger.events.slice(-1)));
      ledger.fill(1);
      await settle(ACK_INTERVAL_MS);
    }
    expect([acks, consumer.isAway, consumer.waiting]).toEqual([[], true, 5]);
    expect(log.sentences).toEqual(['the records are away: ledgers wait, nothing is acknowledged']);
    away = false;
    await settle(ACK_INTERVAL_MS);
    expect(last()?.upTo).toBe(5);
    expect(await count(records, 'ledger_events')).toBe(5);
    expect(log.sentences.at(-1)).toBe('the records are back: ledgers are stored again');
  });

  it('goes on with the others when it fails on one message', async () => {
    const { store, records, fresh } = await started();
    await using _ = fresh;
    const poison = Buffer.from('[]');
    const defective: LedgerStore = {
      take: (address, messages, nowMs) =>
        messages.some((message) => message.kind === 'bytes' && message.bytes === poison)
          ? Promise.reject(new TypeError('a defect of the server'))
          : store.take(address, messages, nowMs),
      cursors: () => store.cursors(),
    };
    const { consumer, settle, last, log } = consumerOn(defective);
    const ledger = new TestLedger();
    ledger.open();
    ledger.fill(1);
    consumer.message(ledger.topic, messageOf(ledger.events.slice(0, 1)));
    consumer.message(ledger.topic, poison);
    consumer.message(ledger.topic, messageOf(ledger.events.slice(1)));
    await settle();
    expect(last()?.upTo).toBe(2);
    expect(consumer.counts.failed).toBe(1);
    expect(log.sentences).toEqual(['a ledger message could not be stored']);
    expect(await count(records, 'ledger_events')).toBe(2);
  });

  describe('refuses, by a stable code, and stores nothing of it:', () => {
    /** Each makes a message of what would be event 4 of a ledger of which 3 are stored. */
    const bad: readonly [RefusalCode, string, (ledger: TestLedger) => Uint8Array, boolean][] = [
      ['not-json', 'what is no JSON', () => Buffer.from('{'), false],
      ['not-json', 'what is no UTF-8', () => Buffer.from([0x22, 0xff, 0x22]), false],
      ['too-large', '10 MB', () => Buffer.alloc(10 * 1024 * 1024, ' '), false],
      [
        'too-large',
        'a message of too many events',
        () => messageOf(Array.from({ length: 201 }, () => ({}))),
        false,
      ],
      [
        'too-large',
        'a payload past its bound',
        (ledger) => messageOf([ledger.addAny('note.written', { text: 'x'.repeat(33 * 1024) })]),
        true,
      ],
      ['invalid-event', 'what is no array', (ledger) => messageOf([[ledger.fill(1)]]), false],
      [
        'invalid-event',
        'an unknown member',
        (ledger) => messageOf([{ ...ledger.fill(1)[0], colour: 'red' }]),
        true,
      ],
      [
        'invalid-event',
        'a number that is none',
        (ledger) => messageOf([{ ...ledger.fill(1)[0], seq: -4 }]),
        false,
      ],
      [
        'invalid-event',
        'half a character, which has no canonical form',
        (ledger) => {
          const event = ledger.fill(1)[0];
          const text = JSON.stringify([{ ...event, payload: { text: 'HALF' } }]);
          return Buffer.from(text.replace('HALF', String.raw`\ud800`));
        },
        true,
      ],
      ...[65, 15_000, 50_000].map((levels): (typeof bad)[number] => [
        'too-large',
        `a payload of ${levels} levels`,
        (ledger) => {
          const deep = JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;
          const event = ledger.addAny('future.happened', { deep });
          const text = JSON.stringify([{ ...event, payload: { deep: 'DEEP' } }]);
          return Buffer.from(text.replace('"DEEP"', '['.repeat(levels) + ']'.repeat(levels)));
        },
        true,
      ]),
      [
        'wrong-topic',
        'an event of another site',
        (ledger) => messageOf([resealed(ledger.fill(1)[0] ?? ledger.last, { site: 'elsewhere' })]),
        false,
      ],
      [
        'wrong-topic',
        'an event of another line',
        (ledger) => messageOf([resealed(ledger.fill(1)[0] ?? ledger.last, { line: 'tri-2' })]),
        false,
      ],
      [
        'wrong-hash',
        'an altered payload',
        (ledger) =>
          messageOf([{ ...ledger.fill(1)[0], payload: { device: 'plc', state: 'online', reason: 'x' } }]),
        true,
      ],
      [
        'wrong-hash',
        'an altered envelope',
        (ledger) => messageOf([{ ...ledger.fill(1)[0], occurredAt: TEST_NOW_MS - 1 }]),
        true,
      ],
      [
        'wrong-hash',
        'a forged hash',
        (ledger) => messageOf([{ ...ledger.fill(1)[0], hash: 'a'.repeat(64) }]),
        true,
      ],
      [
        'impossible-date',
        'a date in 1970',
        (ledger) => messageOf([resealed(ledger.fill(1)[0] ?? ledger.last, { occurredAt: 1_000 })]),
        true,
      ],
      [
        'impossible-date',
        'a date in the future',
        (ledger) => {
          const recordedAt = TEST_NOW_MS + EVENT_TIME_AHEAD_MAX_MS + 60_000;
          return messageOf([resealed(ledger.fill(1)[0] ?? ledger.last, { recordedAt })]);
        },
        true,
      ],
      [
        'impossible-date',
        'a period that ends in the future',
        (ledger) => {
          const event = ledger.count('creme', 1, 1, { to: TEST_NOW_MS + 3 * EVENT_TIME_AHEAD_MAX_MS });
          return messageOf([resealed(event, { occurredAt: TEST_NOW_MS, recordedAt: TEST_NOW_MS })]);
        },
        true,
      ],
      ...[0, -1, 1_000_000_001, 1.5].map((grams): (typeof bad)[number] => [
        'invalid-payload',
        `${grams} grams counted`,
        (ledger) => messageOf([ledger.count('creme', grams, 5_000)]),
        true,
      ]),
      ...[0, -1_000, 1e12].map((netGrams): (typeof bad)[number] => [
        'invalid-payload',
        `a weighing of ${netGrams} grams`,
        (ledger) => messageOf([ledger.add('weighing.recorded', { ...TEST_WEIGHING, netGrams })]),
        true,
      ]),
      [
        'broken-chain',
        'the right number after another event',
        (ledger) => messageOf([resealed(ledger.fill(1)[0] ?? ledger.last, { prev: 'b'.repeat(64) })]),
        true,
      ],
      [
        'fork',
        'another content under a number that is stored',
        (ledger) => messageOf([resealed(ledger.events[1] ?? ledger.last, { actorRef: 'cafe0123' })]),
        true,
      ],
      [
        'unknown-epoch',
        'a ledger that begins anew',
        () => messageOf([new TestLedger({ name: 'replaced' }).open()]),
        true,
      ],
    ];

    it('has a case for each code', () => {
      expect(new Set(bad.map(([code]) => code))).toEqual(new Set(REFUSAL_CODES));
    });

    it.each(bad)('%s: %s', async (code, _what, make, blocking) => {
      const { ledger, consumer, settle, last, refused, log, records, fresh } = await following(3);
      await using _ = fresh;
      const before = await storedEvents(records);
      const message = make(ledger);
      consumer.message(ledger.topic, message);
      await settle();
      expect(await storedEvents(records)).toStrictEqual(before);
      expect([refused, log.sentences]).toEqual([[code], ['part of a ledger is refused']]);
      expect(last()).toMatchObject({ upTo: 3, refused: { code } });
      const [line] = await status(records, consumer);
      expect(line?.refusals).toMatchObject([
        { code, blocking, count: 1, firstAt: TEST_NOW_MS + ACK_SOON_MS },
      ]);
      expect(line?.chain).toBe(blocking ? 'refused' : 'intact');
      consumer.message(ledger.topic, message);
      await settle();
      expect((await status(records, consumer))[0]?.refusals).toMatchObject([{ code, count: 2 }]);
      expect(log.sentences).toHaveLength(1);
      const good = new TestLedger();
      good.open();
      good.fill(3);
      consumer.message(good.topic, messageOf(good.events));
      await settle();
      expect(last()).toEqual(expect.not.objectContaining({ refused: expect.anything() as unknown }));
      expect(last()?.upTo).toBe(4);
      const [after] = await status(records, consumer);
      // Another ledger of the same name was refused just now, and this one goes on.
      const chain = code === 'fork' || code === 'unknown-epoch' ? 'contested' : 'intact';
      expect([after?.chain, after?.refusals[0]?.blocking]).toEqual([chain, false]);
    });
  });

  it('stores the good events before a bad one', async () => {
    const { ledger, consumer, settle, last, refused, records, fresh } = await following(3);
    await using _ = fresh;
    ledger.fill(6);
    const bad = { ...ledger.events[6], hash: 'f'.repeat(64) };
    consumer.message(ledger.topic, messageOf([...ledger.events.slice(3, 6), bad, ...ledger.events.slice(7)]));
    consumer.message(ledger.topic, messageOf([ledger.events[6], 'no event', ledger.events[8]]));
    await settle();
    expect(last()).toMatchObject({ upTo: 7, refused: { code: 'invalid-event', epoch: null, seq: null } });
    expect(refused).toEqual(['wrong-hash', 'invalid-event']);
    expect(await storedEvents(records)).toStrictEqual(ledger.events.slice(0, 7));
  });

  it('keeps what it does not know, and what was withheld, byte for byte', async () => {
    const { ledger, consumer, settle, last, records, fresh } = await following(1);
    await using _ = fresh;
    const odd = {
      '\u20ac': 1,
      z: [1e21, 1e-7, -0.5],
      a: { '': null },
      nul: '\0',
      __proto__: { b: 1 },
      n: 2 ** 53,
    };
    ledger.addAny('future.happened', JSON.parse(JSON.stringify(odd)) as Record<string, unknown>);
    ledger.add('device.state', { device: 'plc', state: 'offline', reason: 'a\0b' });
    ledger.fill(1);
    const withheld = { ...ledger.last, payload: null };
    consumer.message(ledger.topic, messageOf([...ledger.events.slice(0, -1), withheld]));
    await settle();
    expect(last()).toMatchObject({ upTo: 4, hash: ledger.last.hash });
    const stored = await storedEvents(records);
    expect(stored.map(canonicalJson)).toEqual([...ledger.events.slice(0, -1), withheld].map(canonicalJson));
    for (const event of stored) {
      expect(eventHash(event.prev, envelopeOf(event), event.payloadHash)).toBe(event.hash);
      expect(event.payload === null ? event.payloadHash : payloadHash(event.payload)).toBe(event.payloadHash);
    }
    const states = await records.selectFrom('device_states').select('reason').execute();
    expect(states).toEqual([{ reason: 'a\uFFFDb' }]);
  });

  /** A ledger of which 4 events are stored, and one that goes on after its second: refused until now. */
  async function replaced() {
    const parts = await following(3);
    const { ledger, consumer, settle } = parts;
    ledger.add('weighing.recorded', TEST_WEIGHING);
    consumer.message(ledger.topic, messageOf(ledger.events));
    const next = new TestLedger({ name: 'restored' });
    const { epoch, seq, hash } = ledger.events[1] ?? ledger.last;
    next.add('ledger.opened', { reason: 'restored', previous: { epoch, seq, hash }, countedBefore: [] });
    const carried = ledger.last;
    next.add('weighing.recorded', TEST_WEIGHING, { id: carried.id, occurredAt: carried.occurredAt });
    next.add('weighing.recorded', { ...TEST_WEIGHING, number: 42 });
    consumer.message(next.topic, messageOf(next.events));
    await settle();
    return { ...parts, next };
  }

  describe('a new epoch', () => {
    it('waits for a person, who may accept only what was refused', async () => {
      const { records, fresh, next, consumer, settle, last, ledger } = await replaced();
      await using _ = fresh;
      expect(last()).toMatchObject({
        epoch: ledger.epoch,
        upTo: 4,
        refused: { code: 'unknown-epoch', epoch: next.epoch, seq: null },
      });
      const accept = (line: string, epoch: string) => acceptEpoch(records, line, epoch, 'cafe0123', 1);
      expect(await accept('tri-1', opaqueId('a typing error'))).toEqual({ kind: 'not-refused' });
      expect(await accept('tri-2', next.epoch)).toEqual({ kind: 'not-refused' });
      expect(await accept('tri-1', next.epoch)).toEqual({
        kind: 'accepted',
        address: { site: 'caux', line: 'tri-1' },
      });
      expect(await accept('tri-1', next.epoch)).toMatchObject({ kind: 'already' });
      await consumer.changed({ site: 'caux', line: 'tri-1' });
      await settle();
      expect(last()).toEqual(expect.objectContaining({ epoch: next.epoch, upTo: 0, hash: null }));
      expect(await status(records, consumer)).toMatchObject([{ chain: 'intact', stored: { upTo: 0 } }]);
      consumer.message(next.topic, messageOf(next.events));
      await settle();
      expect(last()).toMatchObject({ epoch: next.epoch, upTo: 3, hash: next.last.hash });
      expect(
        await records.selectFrom('ledger_epochs').selectAll().orderBy('acceptedBy').execute(),
      ).toMatchObject(
        engine === 'sqlite'
          ? [{ acceptedBy: null }, { epoch: next.epoch, acceptedBy: 'cafe0123', acceptedAt: 1 }]
          : [{ epoch: next.epoch, acceptedBy: 'cafe0123', acceptedAt: 1 }, { acceptedBy: null }],
      );
    });

    it('counts what was carried over once, and lets late repetitions of the old one pass', async () => {
      const { records, fresh, next, consumer, settle, last, ledger, refused } = await replaced();
      await using _ = fresh;
      await acceptEpoch(records, 'tri-1', next.epoch, null, 1);
      consumer.message(next.topic, messageOf(next.events));
      consumer.message(ledger.topic, messageOf(ledger.events));
      await settle();
      expect(last()).toMatchObject({ epoch: next.epoch, upTo: 3 });
      expect(refused).toEqual(['unknown-epoch']);
      expect(await count(records, 'ledger_events')).toBe(7);
      const numbers = await records.selectFrom('weighings').select('number').orderBy('number').execute();
      expect(numbers).toEqual([{ number: 41 }, { number: 42 }]);
    });

    it('does not end the old one for ever: a person may go back to it', async () => {
      const { records, fresh, next, consumer, settle, last, ledger } = await replaced();
      await using _ = fresh;
      await acceptEpoch(records, 'tri-1', next.epoch, null, 1);
      consumer.message(next.topic, messageOf(next.events));
      ledger.fill(1);
      consumer.message(ledger.topic, messageOf(ledger.events));
      await settle();
      expect(last()).toMatchObject({
        epoch: next.epoch,
        refused: { code: 'unknown-epoch', epoch: ledger.epoch },
      });
      expect(await acceptEpoch(records, 'tri-1', ledger.epoch, null, 2)).toMatchObject({ kind: 'accepted' });
      consumer.message(ledger.topic, messageOf(ledger.events));
      await settle();
      expect(last()).toMatchObject({ epoch: ledger.epoch, upTo: 5, hash: ledger.last.hash });
    });
  });

  it('keeps no more refusals of a line than it may', async () => {
    const { ledger, consumer, settle, records, fresh } = await following(2);
    await using _ = fresh;
    for (let stranger = 0; stranger < REFUSALS_PER_LINE_MAX + 20; stranger += 1) {
      consumer.message(ledger.topic, messageOf([new TestLedger({ name: `stranger ${stranger}` }).open()]));
      await settle(10);
    }
    expect(await count(records, 'ledger_refusals')).toBe(REFUSALS_PER_LINE_MAX);
    const latest = new TestLedger({ name: `stranger ${REFUSALS_PER_LINE_MAX + 19}` }).epoch;
    expect((await status(records, consumer))[0]?.refusals[0]?.epoch).toBe(latest);
  });
});

describe('a flood', () => {
  const nothing: LedgerStore = {
    take: () => Promise.reject(new RecordsClosed('gone')),
    cursors: () => Promise.resolve([]),
  };

  it('of messages of one line waits within its bound; the rest is left out and counted', () => {
    const { consumer } = consumerOn(nothing);
    for (let message = 0; message < 10_000; message += 1) {
      consumer.message('trame/v1/caux/tri-1/ledger', Buffer.from('[]'));
    }
    expect(consumer.waiting).toBe(QUEUE_MESSAGES_MAX);
    expect(consumer.counts.overflowed).toBe(10_000 - QUEUE_MESSAGES_MAX);
  });

  it('of bytes waits within its bound, and what is too large is never kept', async () => {
    const taken: string[] = [];
    const { consumer } = consumerOn({
      take: (_address, messages) => {
        taken.push(...messages.map(({ kind }) => kind));
        return Promise.reject(new RecordsClosed('gone'));
      },
      cursors: () => Promise.resolve([]),
    });
    const large = Buffer.alloc(MESSAGE_BYTES_MAX);
    for (let message = 0; message < 500; message += 1) {
      consumer.message(`trame/v1/caux/tri-${message % 20}/ledger`, large);
    }
    expect(consumer.waiting).toBe(Math.floor(QUEUE_BYTES_MAX / MESSAGE_BYTES_MAX));
    const other = consumerOn(nothing).consumer;
    other.message('trame/v1/caux/tri-1/ledger', Buffer.alloc(MESSAGE_BYTES_MAX + 1));
    expect(other.waiting).toBe(1);
    consumer.message('trame/v1/caux/tri-99/ledger', Buffer.alloc(10 * 1024 * 1024));
    await consumer.drain();
    expect(taken).toContain('bytes');
  });

  it('of invented lines takes no more places than there are, and leaves those of known lines', async () => {
    const { consumer, acks, settle } = consumerOn({
      take: () => Promise.reject(new TypeError('not these')),
      cursors: () =>
        Promise.resolve([
          {
            site: 'caux',
            line: 'tri-1',
            cursor: { epoch: opaqueId('e'), upTo: 1, hash: 'a'.repeat(64) },
            storedAtMs: 1,
          },
        ]),
    });
    await consumer.tick();
    for (let line = 0; line < 1_000; line += 1) consumer.heard({ site: 'caux', line: `invented-${line}` });
    acks.length = 0;
    await settle(ACK_INTERVAL_MS);
    expect(acks).toHaveLength(LEDGER_LINES_MAX);
    expect(acks.map(({ topic }) => topic)).toContain('trame/v1/caux/tri-1/ledger/ack/trame');
  });

  it('of one line does not keep another waiting', async () => {
    const order: string[] = [];
    const { consumer } = consumerOn({
      take: ({ line }, messages) => {
        order.push(`${line}:${messages.length}`);
        return Promise.resolve({
          cursor: null,
          stored: [],
          already: 0,
          missing: false,
          refusals: [],
          lastRefused: null,
        });
      },
      cursors: () => Promise.resolve([]),
    });
    for (let message = 0; message < 30; message += 1) {
      consumer.message('trame/v1/caux/loud/ledger', Buffer.from('[]'));
    }
    consumer.message('trame/v1/caux/quiet/ledger', Buffer.from('[]'));
    await consumer.drain();
    expect(order).toEqual(['loud:10', 'quiet:1', 'loud:10', 'loud:10']);
  });
});
