import type { TonnageAnswer } from '@trame/protocol/dashboard-api';
import { lhvOfMixMJPerKg } from '@trame/protocol/material';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordsLedgerStore } from '../ledger/records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from '../ledger/test-ledger.ts';
import { eventually } from '../testing/eventually.ts';
import { movableClock } from '../testing/movable-clock.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { TestEdge } from '../testing/test-edge.ts';
import { isDay, localDayIn, monthStart, nextMonthStart } from './local-day.ts';
import { tonnageReport, type CompositionOf } from './tonnage-report.ts';
import { sortedBetween, type SortedMass } from './tonnage-repository.ts';

const paris = localDayIn('Europe/Paris');

describe('the local day', () => {
  it.each([
    ['2026-03-28T22:59:59Z', '2026-03-28'],
    ['2026-03-28T23:00:00Z', '2026-03-29'],
    ['2026-03-29T21:59:59Z', '2026-03-29'],
    ['2026-03-29T22:00:00Z', '2026-03-30'],
    ['2026-10-25T22:59:59Z', '2026-10-25'],
    ['2026-10-25T23:00:00Z', '2026-10-26'],
    ['2026-12-31T23:30:00Z', '2027-01-01'],
  ])('of %s in Paris is %s', (instant, day) => {
    expect(paris(Date.parse(instant))).toBe(day);
  });

  it('is a date of the calendar', () => {
    expect(['2026-02-28', '2024-02-29'].map(isDay)).toEqual([true, true]);
    expect(
      ['2026-02-29', '2026-13-01', '2026-1-1', '', '2026-01-01T00:00', '0000-00-00'].filter(isDay),
    ).toEqual([]);
    expect([monthStart('2026-12-17'), nextMonthStart('2026-12-17')]).toEqual(['2026-12-01', '2027-01-01']);
  });
});

describe.each(RECORDS_ENGINES)('what was sorted, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('is what the ledgers say, each on its local day, and what was counted before there were ledgers', async () => {
    await using fresh = await freshRecords();
    const { records } = fresh;
    const store = new RecordsLedgerStore(records, paris);
    const old = { site: 'caux', line: 'tri-1', outlet: 'creme', day: '2026-11-20', grams: 5_000 };
    await records.insertInto('sorted_before_ledger').values(old).execute();
    const ledger = new TestLedger();
    ledger.open();
    ledger.count('creme', 1_000, 1_000, { to: Date.parse('2026-11-20T22:59:59Z') });
    ledger.count('creme', 200, 1_200, { to: Date.parse('2026-11-20T23:00:00Z') });
    ledger.count('csr', 30, 30, { to: Date.parse('2026-11-20T23:01:00Z') });
    const nowMs = Date.parse('2026-11-21T12:00:00Z');
    const take = () => store.take(ledger, [{ kind: 'bytes', bytes: messageOf(ledger.events) }], nowMs);
    await take();
    await take();
    const rows = await sortedBetween(records, { from: '2026-11-20', to: '2026-11-22' });
    const sums = new Map<string, number>();
    for (const { day, outlet, grams } of rows) {
      sums.set(`${day} ${outlet}`, (sums.get(`${day} ${outlet}`) ?? 0) + grams);
    }
    expect([...sums]).toEqual([
      ['2026-11-20 creme', 6_000],
      ['2026-11-21 creme', 200],
      ['2026-11-21 csr', 30],
    ]);
    expect(await sortedBetween(records, { from: '2026-11-22', to: '2026-12-01' })).toEqual([]);
  });
});

const mixed: CompositionOf = (_line, outlet) =>
  outlet === 'creme' ? { cotton: 60, polyester: 40 } : { cotton: 100 };
const some: CompositionOf = (_line, outlet) => (outlet === 'csr' ? { cotton: 100 } : null);
const heat: CompositionOf = (_line, outlet) => (outlet === 'creme' ? { polypropylene: 100 } : { cotton: 1 });

describe('the report', () => {
  const masses: SortedMass[] = [
    { site: 'caux', line: 'tri-1', outlet: 'creme', day: '2026-11-01', grams: 1_000_001 },
    { site: 'caux', line: 'tri-1', outlet: 'csr', day: '2026-11-02', grams: 3_000_000 },
    { site: 'caux', line: 'tri-2', outlet: 'creme', day: '2026-12-02', grams: 500_000 },
  ];

  it.each([
    [
      'outlet',
      [
        ['csr', 3],
        ['creme', 1.500001],
      ],
    ],
    [
      'day',
      [
        ['2026-11-01', 1.000001],
        ['2026-11-02', 3],
        ['2026-12-02', 0.5],
      ],
    ],
    [
      'month',
      [
        ['2026-11', 4.000001],
        ['2026-12', 0.5],
      ],
    ],
    [
      'line',
      [
        ['tri-1', 4.000001],
        ['tri-2', 0.5],
      ],
    ],
    ['site', [['caux', 4.500001]]],
    ['collector', [['unknown', 4.500001]]],
    ['commune', [['unknown', 4.500001]]],
  ] as const)('by %s', (by, expected) => {
    const { rows, total } = tonnageReport(masses, by, 't', mixed);
    expect(rows.map(({ key, t }) => [key, t])).toEqual(expected);
    expect(total.t).toBe(4.500001);
    expect(rows.every(({ id, key }) => id === key)).toBe(true);
  });

  it('gives gigajoules from the composition of each outlet', () => {
    const { rows, total } = tonnageReport(masses, 'outlet', 't', mixed);
    const csr = 3 * (lhvOfMixMJPerKg({ cotton: 100 }) ?? 0);
    expect(rows[0]?.GJ).toBeCloseTo(csr, 6);
    expect(total.GJ).toBeCloseTo(csr + 1.500001 * (lhvOfMixMJPerKg({ cotton: 60, polyester: 40 }) ?? 0), 5);
  });

  it('knows no gigajoules where one composition is unknown: a part would be a wrong number', () => {
    const { rows, total } = tonnageReport(masses, 'outlet', 't', some);
    expect(rows.map(({ key, GJ }) => [key, GJ === null])).toEqual([
      ['csr', false],
      ['creme', true],
    ]);
    expect(total.GJ).toBeNull();
    expect(tonnageReport(masses, 'site', 't', some).rows[0]?.GJ).toBeNull();
  });

  it('splits into materials whose grams add up', () => {
    const { rows, total } = tonnageReport(masses, 'material', 't', (line, outlet) =>
      line === 'tri-2' ? null : mixed(line, outlet),
    );
    expect(rows.map(({ key }) => key)).toEqual(['cotton', 'unknown', 'polyester']);
    expect(rows.reduce((sum, { t }) => sum + Math.round(t * 1e6), 0)).toBe(4_500_001);
    expect(total.t).toBe(4.500001);
    expect(rows.find(({ key }) => key === 'unknown')?.GJ).toBeNull();
  });

  it('never loses a gram between materials', () => {
    const shares = fc.record({ cotton: fc.nat(100), wool: fc.nat(100), elastane: fc.nat(7) });
    fc.assert(
      fc.property(fc.nat(2 ** 40), shares, (grams, composition) => {
        const mass = { site: 's', line: 'l', outlet: 'o', day: '2026-01-01', grams };
        const { rows } = tonnageReport([mass], 'material', 't', () => composition);
        expect(rows.reduce((sum, { t }) => sum + Math.round(t * 1e6), 0)).toBe(grams);
      }),
    );
  });

  it('puts the largest first, in the unit asked for', () => {
    expect(tonnageReport(masses, 'outlet', 'GJ', heat).rows.map(({ key }) => key)).toEqual(['creme', 'csr']);
  });
});

const sum = async (server: TestServer, cookie: string) =>
  (await server.json<TonnageAnswer>('/api/v1/tonnage', cookie)).total.t;

const reaches = (server: TestServer, cookie: string, tonnes: number) =>
  eventually(async () => ((await sum(server, cookie)) === tonnes ? true : null));

describe('GET /api/v1/tonnage', () => {
  let shared: TestServer;
  let sharedCookie: string;
  beforeAll(async () => {
    shared = await startTestServer();
    sharedCookie = await shared.signIn('supervisor');
  });
  afterAll(async () => {
    await shared[Symbol.asyncDispose]();
  });
  const description = {
    stations: [],
    outlets: [{ id: 'creme', label: 'Crème', route: 'reuse' as const, composition: { cotton: 100 } }],
  };

  it('counts what the ledger says, once, over a restart, in tonnes and gigajoules', async () => {
    const ledger = new TestLedger();
    ledger.open();
    ledger.count('creme', 1_000_000, 1_000_000, { to: TEST_NOW_MS });
    const clock = movableClock(TEST_NOW_MS + 60_000);
    await using server = await startTestServer({}, clock);
    const cookie = await server.signIn('region');
    {
      await using edge = await TestEdge.connect({ url: server.mqttUrl, devices: [], description });
      edge.raw(ledger.topic, messageOf(ledger.events));
      await reaches(server, cookie, 1);
    }
    ledger.count('creme', 300_000, 1_300_000, { to: TEST_NOW_MS });
    await server.running.stop();
    await using again = await startTestServer(
      {
        dataDir: `${server.directory}/dashboard`,
        demoAccountsFile: `${server.directory}/demo-accounts.json`,
      },
      clock,
    );
    const cookieAgain = await again.signIn('supervisor');
    expect(await sum(again, cookieAgain)).toBe(1);
    await using edge = await TestEdge.connect({ url: again.mqttUrl, devices: [], description });
    edge.raw(ledger.topic, messageOf(ledger.events));
    await reaches(again, cookieAgain, 1.3);
    const answer = await again.json<TonnageAnswer>('/api/v1/tonnage?by=outlet&unit=GJ', cookieAgain);
    expect(answer.rows).toMatchObject([{ id: 'creme', key: 'creme', t: 1.3 }]);
    expect(answer.rows[0]?.GJ).toBeCloseTo(1.3 * (lhvOfMixMJPerKg({ cotton: 100 }) ?? 0), 5);
  });

  it('cuts months in the zone of the site', async () => {
    const clock = movableClock(Date.parse('2026-11-30T23:30:00Z'));
    await using server = await startTestServer({}, clock);
    const answer = await server.json<TonnageAnswer>('/api/v1/tonnage', await server.signIn('supervisor'));
    expect(answer).toEqual({ rows: [], total: { t: 0, GJ: 0 }, from: '2026-12-01', to: '2027-01-01' });
  });

  it.each([
    ['from=2026-02-30', '/query/from'],
    ['from=hier', '/query/from'],
    ['to=2026-11-1', '/query/to'],
    ['from=2026-11-02&to=2026-11-02', '/query/to'],
    ['from=2026-11-02&to=2026-11-01', '/query/to'],
    ['by=colour', '/query/by'],
    ['unit=kg', '/query/unit'],
    ['frm=2026-11-02', '/query/frm'],
  ])('refuses ?%s and says where', async (query, path) => {
    const response = await shared.get(`/api/v1/tonnage?${query}`, sharedCookie);
    expect(response.status).toBe(400);
    const problem = (await response.json()) as { code: string; errors: { path: string }[] };
    expect(problem.code).toBe('invalid-request');
    expect(problem.errors.map((error) => error.path)).toContain(path);
  });

  it('names the words it knows, once', async () => {
    const response = await shared.get('/api/v1/tonnage?by=colour', sharedCookie);
    expect(await response.json()).toMatchObject({
      errors: [
        {
          path: '/query/by',
          message: 'expected one of outlet, day, month, line, site, collector, commune, material',
        },
      ],
    });
  });
});
