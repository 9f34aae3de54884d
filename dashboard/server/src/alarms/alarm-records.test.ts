/** From events of a ledger to rows, journal and figures, on both engines. */
import { describe, expect, it } from 'vitest';
import { RecordsLedgerStore } from '../ledger/records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from '../ledger/test-ledger.ts';
import { LivePicture } from '../live/picture.ts';
import type { Records } from '../records/open-records.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { movableClock } from '../testing/movable-clock.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { AlarmBoard } from './alarm-board.ts';
import { alarmKpiOf, standingBefore } from './alarm-kpi-query.ts';
import { alarmsOf, journalOf, placeInJournal } from './alarm-repository.ts';
import { alarmChanged, alarmDeclared, comesUp } from './test-alarms.ts';

const dayOf = localDayIn('Europe/Paris');
const MINUTE_MS = 60_000;

function store(records: Records) {
  const taking = new RecordsLedgerStore(records, dayOf);
  return async (ledger: TestLedger) => {
    const bytes = messageOf(ledger.events);
    const { refusals } = await taking.take(ledger, [{ kind: 'bytes', bytes }], TEST_NOW_MS + 1);
    expect(refusals).toEqual([]);
  };
}

const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

const after = (seconds: number) => ({ occurredAt: TEST_NOW_MS + seconds * 1_000 });
const minute = (n: number) => TEST_NOW_MS + n * MINUTE_MS;

function openedLongAgo(ledger: TestLedger): void {
  ledger.add(
    'ledger.opened',
    { reason: 'new', previous: null, countedBefore: [] },
    { occurredAt: TEST_NOW_MS - 4_000 * MINUTE_MS },
  );
}

describe.each(RECORDS_ENGINES)('alarms of a ledger, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('stand as the last event of each says, the gravest first', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const take = store(records);
    const ledger = new TestLedger();
    ledger.open();
    ledger.add('alarm.declared', alarmDeclared('bac', { priority: 3, latching: true }));
    ledger.add('alarm.declared', alarmDeclared('bourrage', { group: 'trieur' }));
    ledger.add('alarm.declared', alarmDeclared('calme', { source: 'disk', group: null }));
    comesUp(ledger, 'bac', TEST_NOW_MS);
    comesUp(ledger, 'bourrage', TEST_NOW_MS + 5);
    const seen = alarmChanged('bourrage', 'unacknowledged', 'acknowledged', {
      because: 'person',
      comment: 'vu',
      value: 41.5,
    });
    ledger.add('alarm.changed', seen, { occurredAt: TEST_NOW_MS + 10 });
    await take(ledger);
    const standing = await alarmsOf(records, { line: null, state: 'standing' });
    expect(ids(standing)).toEqual(['tri-1:bourrage', 'tri-1:bac']);
    expect(standing[0]).toMatchObject({
      site: 'caux',
      line: 'tri-1',
      priority: 1,
      state: 'acknowledged',
      group: 'trieur',
      occurrence: 1,
      condition: true,
      value: 41.5,
      raisedAt: TEST_NOW_MS + 5,
      changedAt: TEST_NOW_MS + 10,
      comment: 'vu',
      response: 'Dégager',
    });
    expect(ids(await alarmsOf(records, { line: 'tri-1', state: 'all' }))).toHaveLength(3);
    expect(await alarmsOf(records, { line: 'tri-2', state: 'all' })).toEqual([]);

    ledger.add('alarm.withdrawn', { alarm: 'bac' });
    await take(ledger);
    expect(ids(await alarmsOf(records, { line: null, state: 'all' }))).toEqual([
      'tri-1:bourrage',
      'tri-1:calme',
    ]);
    ledger.add('alarm.declared', alarmDeclared('bac'));
    await take(ledger);
    const again = await alarmsOf(records, { line: null, state: 'all' });
    expect(again.find(({ alarm }) => alarm === 'bac')).toMatchObject({ state: 'normal', occurrence: 1 });
  });

  it('keep what a person said while their state stays', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const ledger = new TestLedger();
    ledger.open();
    ledger.add('alarm.declared', alarmDeclared('bac'));
    const until = TEST_NOW_MS + 3_600_000;
    const aside = { because: 'person', comment: 'capteur en panne', until } as const;
    ledger.add('alarm.changed', alarmChanged('bac', 'normal', 'shelved', { occurrence: 0, ...aside }));
    ledger.add(
      'alarm.changed',
      alarmChanged('bac', 'shelved', 'shelved', { occurrence: 0, condition: null }),
    );
    await store(records)(ledger);
    const shelved = await alarmsOf(records, { line: null, state: 'all' });
    expect(shelved).toMatchObject([{ comment: 'capteur en panne', until, condition: null, raisedAt: null }]);
    ledger.add('alarm.changed', alarmChanged('bac', 'shelved', 'normal', { occurrence: 0, because: 'time' }));
    await store(records)(ledger);
    expect(await alarmsOf(records, { line: null, state: 'all' })).toMatchObject([
      { comment: null, until: null },
    ]);
  });

  it('say in the journal what their condition did while they were put aside, and nowhere else', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const ledger = new TestLedger();
    ledger.open();
    ledger.add('alarm.declared', alarmDeclared('bac'));
    const until = TEST_NOW_MS + 3_600_000;
    const aside = { because: 'person', comment: 'capteur en panne', until, occurrence: 0 } as const;
    ledger.add('alarm.changed', alarmChanged('bac', 'normal', 'shelved', aside), after(1));
    for (const [seconds, condition, comment] of [
      [2, true, null],
      [3, false, 'Change trop souvent'],
      [4, null, null],
      [5, true, null],
    ] as const) {
      const meanwhile = alarmChanged('bac', 'shelved', 'shelved', {
        occurrence: 0,
        condition,
        comment,
        until,
      });
      ledger.add('alarm.changed', meanwhile, after(seconds));
    }
    await store(records)(ledger);
    const journal = await journalOf(records, {
      line: null,
      alarm: 'bac',
      fromMs: null,
      toMs: null,
      after: null,
      limit: 10,
    });
    expect(journal.map(({ toState, condition, raised }) => [toState, condition, raised])).toEqual([
      ['shelved', 1, 0],
      ['shelved', null, 0],
      ['shelved', 0, 0],
      ['shelved', 1, 0],
      ['shelved', 0, 0],
    ]);
    expect(await alarmsOf(records, { line: null, state: 'all' })).toMatchObject([
      { comment: 'capteur en panne', until, condition: true, raisedAt: null, changedAt: TEST_NOW_MS + 1_000 },
    ]);
    const period = { from: TEST_NOW_MS, to: TEST_NOW_MS + 60_000 };
    expect(await alarmKpiOf(records, { line: 'tri-1', period, openMs: null })).toMatchObject({
      raised: 0,
      chattering: [],
      top: [],
      stale: [],
    });
  });

  it('are told page by page, each change once, with the words of then', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const ledger = new TestLedger();
    ledger.open();
    ledger.add('alarm.declared', alarmDeclared('bac', { label: 'Avant' }));
    for (let n = 1; n <= 7; n += 1) comesUp(ledger, 'bac', TEST_NOW_MS + Math.floor(n / 3), n);
    ledger.add('alarm.declared', alarmDeclared('bac', { label: 'Après', priority: 2 }));
    comesUp(ledger, 'bac', TEST_NOW_MS + 9, 8);
    await store(records)(ledger);
    const asked = { line: 'tri-1', alarm: 'bac', fromMs: null, toMs: null };
    const all = await journalOf(records, { ...asked, after: null, limit: 100 });
    expect(all.map(({ occurrence }) => occurrence)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(all.slice(0, 2)).toMatchObject([
      { label: 'Après', priority: 2 },
      { label: 'Avant', priority: 1 },
    ]);
    const paged: string[] = [];
    for (let after = null as ReturnType<typeof placeInJournal> | null; ;) {
      const page = await journalOf(records, { ...asked, after, limit: 3 });
      paged.push(...ids(page));
      const last = page.at(-1);
      if (last === undefined) break;
      after = placeInJournal(last);
    }
    expect(paged).toEqual(ids(all));
    const some = { ...asked, fromMs: TEST_NOW_MS + 1, toMs: TEST_NOW_MS + 2, after: null, limit: 100 };
    expect((await journalOf(records, some)).map(({ occurrence }) => occurrence)).toEqual([5, 4, 3]);
  });

  it('give figures of a period, with what stood before it', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const ledger = new TestLedger();
    const at = (minutes: number) => TEST_NOW_MS + minutes * MINUTE_MS;
    openedLongAgo(ledger);
    for (const alarm of ['ancien', 'bac', 'retire']) ledger.add('alarm.declared', alarmDeclared(alarm));
    comesUp(ledger, 'ancien', at(-3_000));
    comesUp(ledger, 'retire', at(-3_000));
    ledger.add('alarm.withdrawn', { alarm: 'retire' });
    ledger.add('alarm.flood', { phase: 'began', alarms: 11 }, { occurredAt: at(-30) });
    ledger.add('alarm.flood', { phase: 'ended', alarms: 4 }, { occurredAt: at(15) });
    comesUp(ledger, 'bac', at(1));
    const seen = alarmChanged('bac', 'unacknowledged', 'acknowledged', { because: 'person' });
    ledger.add('alarm.changed', seen, { occurredAt: at(3) });
    // Put aside and taken back, its condition standing: announced anew, and raised by nobody but a person.
    const by = { because: 'person', occurrence: 2 } as const;
    const aside = alarmChanged('bac', 'acknowledged', 'shelved', { ...by, occurrence: 1, condition: true });
    ledger.add('alarm.changed', aside, { occurredAt: at(4) });
    const back = alarmChanged('bac', 'shelved', 'unacknowledged', by);
    ledger.add('alarm.changed', back, { occurredAt: at(10) });
    const again = alarmChanged('bac', 'unacknowledged', 'acknowledged', by);
    ledger.add('alarm.changed', again, { occurredAt: at(12) });
    await store(records)(ledger);
    const period = { from: TEST_NOW_MS, to: at(60) };
    const kpi = await alarmKpiOf(records, { line: 'tri-1', period, openMs: 30 * MINUTE_MS });
    expect(kpi).toMatchObject({
      raised: 1,
      perHour: 2,
      floodPercent: 25,
      medianToAcknowledgeMs: 2 * MINUTE_MS,
      stale: [{ id: 'tri-1:ancien', since: at(-3_000) }],
      top: [{ id: 'tri-1:bac', percent: 100 }],
    });
    expect(await alarmKpiOf(records, { line: 'tri-2', period, openMs: null })).toMatchObject({ raised: 0 });
  });

  it('stand as their edge says where its ledger begins anew, whatever was heard of the one before', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const take = store(records);
    const standing = async (line: string) =>
      (await alarmsOf(records, { line, state: 'all' })).map(({ alarm, state, occurrence, comment }) => [
        alarm,
        state,
        occurrence,
        comment,
      ]);
    for (const [line, reason] of [
      ['tri-1', 'restored'],
      ['tri-2', 'replaced'],
    ] as const) {
      const ledger = new TestLedger({ line });
      openedLongAgo(ledger);
      for (const alarm of ['bac', 'nir', 'gone']) ledger.add('alarm.declared', alarmDeclared(alarm));
      comesUp(ledger, 'nir', TEST_NOW_MS);
      // From here on the copy knows nothing.
      comesUp(ledger, 'bac', TEST_NOW_MS);
      comesUp(ledger, 'gone', TEST_NOW_MS);
      const aside = { because: 'person', comment: 'plus tard' } as const;
      ledger.add('alarm.changed', alarmChanged('nir', 'unacknowledged', 'shelved', aside));
      ledger.add('alarm.flood', { phase: 'began', alarms: 11 }, { occurredAt: TEST_NOW_MS });
      ledger.add(
        'ledger.opened',
        { reason, previous: null, countedBefore: [] },
        { occurredAt: TEST_NOW_MS + 5 * MINUTE_MS },
      );
      await take(ledger);
      expect(await standing(line)).toEqual([]);
      const period = { from: TEST_NOW_MS, to: TEST_NOW_MS + 10 * MINUTE_MS };
      expect(await alarmKpiOf(records, { line, period, openMs: null })).toMatchObject({ floodPercent: 50 });
      for (const alarm of ['bac', 'nir']) ledger.add('alarm.declared', alarmDeclared(alarm));
      ledger.add('alarm.changed', alarmChanged('nir', 'unacknowledged', 'unacknowledged'));
      await take(ledger);
      expect(await standing(line)).toEqual([
        ['bac', 'normal', 1, null],
        ['nir', 'unacknowledged', 1, null],
      ]);
    }
  });

  it('stand no more once they are withdrawn or their ledger is lost, and stood before that', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const ledger = new TestLedger();
    openedLongAgo(ledger);
    for (const alarm of ['bac', 'nir', 'calme']) ledger.add('alarm.declared', alarmDeclared(alarm));
    comesUp(ledger, 'bac', minute(1));
    comesUp(ledger, 'nir', minute(1));
    const aside = alarmChanged('nir', 'unacknowledged', 'shelved', { because: 'person', condition: true });
    ledger.add('alarm.changed', aside, { occurredAt: minute(2) });
    ledger.add('alarm.changed', alarmChanged('nir', 'shelved', 'acknowledged'), { occurredAt: minute(3) });
    for (const alarm of ['bac', 'calme']) {
      ledger.add('alarm.withdrawn', { alarm }, { occurredAt: minute(4) });
      ledger.add('alarm.declared', alarmDeclared(alarm), { occurredAt: minute(5) });
    }
    ledger.add(
      'ledger.opened',
      { reason: 'replaced', previous: null, countedBefore: [] },
      { occurredAt: minute(6) },
    );
    await store(records)(ledger);
    const standingAt = async (minutes: number) => {
      const period = { from: minute(minutes), to: minute(minutes) + 2 * 86_400_000 };
      const { stale } = await alarmKpiOf(records, { line: 'tri-1', period, openMs: null });
      return { stale: ids(stale), stood: ids(await standingBefore(records, 'tri-1', minute(minutes))) };
    };
    expect(await standingAt(3.5)).toEqual({ stale: [], stood: ['tri-1:bac', 'tri-1:nir'] });
    expect(await standingAt(5.5)).toEqual({ stale: [], stood: ['tri-1:nir'] });
    expect(await standingAt(7)).toEqual({ stale: [], stood: [] });
    const since = (await standingBefore(records, 'tri-1', minute(3.5))).map((one) => one.since);
    expect(since).toEqual([minute(1), minute(1)]);
    const whole = { line: null, alarm: null, fromMs: minute(4), toMs: null, after: null, limit: 10 };
    const rows = await journalOf(records, whole);
    expect(rows.map((row) => [row.alarm, row.fromState, row.toState, row.because, row.raised])).toEqual([
      ['nir', 'acknowledged', 'normal', 'forgotten', 0],
      ['bac', 'unacknowledged', 'normal', 'withdrawn', 0],
    ]);
  });

  it('are in the live picture as soon as they are stored, and only while they stand', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const ledger = new TestLedger();
    ledger.open();
    ledger.add('alarm.declared', alarmDeclared('bac'));
    ledger.add('alarm.declared', alarmDeclared('nir'));
    comesUp(ledger, 'bac', TEST_NOW_MS);
    ledger.add('alarm.changed', alarmChanged('nir', 'normal', 'suppressed', { because: 'design' }));
    await store(records)(ledger);
    const picture = new LivePicture();
    let told = 0;
    const board = new AlarmBoard({
      records,
      picture,
      pictureChanged: () => (told += 1),
      clock: movableClock(TEST_NOW_MS),
      log: keepingLog(),
    });
    await board.show();
    expect(Object.keys(picture.state.alarms)).toEqual(['tri-1:bac']);
    await board.show();
    expect(told).toBe(1);
    const over = alarmChanged('bac', 'unacknowledged', 'normal', { because: 'person' });
    ledger.add('alarm.changed', over);
    ledger.add('alarm.changed', alarmChanged('nir', 'suppressed', 'out-of-service', { because: 'person' }));
    await store(records)(ledger);
    const ended = new AbortController();
    const running = board.run(ended.signal);
    board.stored(ledger.events);
    await expect.poll(() => Object.keys(picture.state.alarms)).toEqual(['tri-1:nir']);
    ended.abort();
    await running;
  });
});
