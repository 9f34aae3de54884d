import type { TonnageAnswer } from '@trame/protocol/dashboard-api';
import { GOOD, bad } from '@trame/protocol/quality';
import { lhvOfMixMJPerKg } from '@trame/protocol/material';
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reading } from '../ingest/reading.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { eventually } from '../testing/eventually.ts';
import { movableClock } from '../testing/movable-clock.ts';
import { declared } from '../testing/payloads.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { TestEdge } from '../testing/test-edge.ts';
import { isDay, localDayIn, monthStart, nextMonthStart } from './local-day.ts';
import { condense, outletTotals, type OutletTotal } from './outlet-total.ts';
import { tonnageReport, type CompositionOf } from './tonnage-report.ts';
import { countTotals, sortedBetween, type SortedMass } from './tonnage-repository.ts';

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

function reading(metric: string, value: Reading['value'], changes: Partial<Reading> = {}): Reading {
  return { metric, unit: 'g', value, quality: GOOD, sourceTimeMs: 1, edgeTimeMs: 1, ...changes };
}

describe('totals among readings', () => {
  it('are good whole grams of the computed device, nothing else', () => {
    const readings = [
      reading('outlet.creme.total', 5n),
      reading('outlet.csr.total', 7),
      reading('outlet.a.total', 1.5),
      reading('outlet.b.total', -1),
      reading('outlet.c.total', 2n ** 60n),
      reading('outlet.d.total', null),
      reading('outlet.e.total', 5n, { quality: bad('stale') }),
      reading('outlet.creme.rate', 5),
      reading('output.total', 9n),
      reading('outlet.__proto__.total', 9n),
    ];
    const totals = outletTotals('caux', 'tri-1', 'line', readings);
    expect(totals.map(({ outlet, grams }) => [outlet, grams])).toEqual([
      ['creme', 5],
      ['csr', 7],
    ]);
    expect(outletTotals('caux', 'tri-1', 'scale', readings)).toEqual([]);
  });
});

async function counted(runs: readonly (readonly OutletTotal[])[]) {
  using directory = tempDir();
  const records = await embeddedRecords(directory.path);
  const resets = [];
  for (const run of runs) resets.push(...(await countTotals(records, condense(run, paris))));
  const rows = await sortedBetween(records, '0000-01-01', '9999-01-01');
  await records.destroy();
  return { rows, resets };
}

describe('counting', () => {
  const base = { site: 'caux', line: 'tri-1', outlet: 'creme' };

  it('takes the first figure whole, then differences, each on its own local day', async () => {
    const { rows, resets } = await counted([
      [{ ...base, grams: 1_000, timeMs: Date.parse('2026-11-20T10:00:00Z') }],
      [
        { ...base, grams: 1_500, timeMs: Date.parse('2026-11-20T22:59:00Z') },
        { ...base, grams: 1_700, timeMs: Date.parse('2026-11-20T23:01:00Z') },
      ],
      [{ ...base, grams: 1_700, timeMs: Date.parse('2026-11-21T12:00:00Z') }],
    ]);
    expect(rows.map(({ day, grams }) => [day, grams])).toEqual([
      ['2026-11-20', 1_500],
      ['2026-11-21', 200],
    ]);
    expect(resets).toEqual([]);
  });

  it('counts anew when a figure went back, and says so, even between two others', async () => {
    const { rows, resets } = await counted([
      [
        { ...base, grams: 1_000, timeMs: 1 },
        { ...base, grams: 40, timeMs: 2 },
        { ...base, grams: 2_000, timeMs: 3 },
      ],
    ]);
    expect(rows).toMatchObject([{ grams: 1_000 + 40 + 1_960 }]);
    expect(resets).toEqual([{ ...base, beforeGrams: 1_000, nowGrams: 40 }]);
    const later = await counted([
      [{ ...base, grams: 1_000, timeMs: 1 }],
      [
        { ...base, grams: 40, timeMs: 2 },
        { ...base, grams: 2_000, timeMs: 3 },
      ],
    ]);
    expect(later.rows).toMatchObject([{ grams: 3_000 }]);
  });

  it('never loses or invents a gram, however the figures come', async () => {
    const steps = fc.array(
      fc.record({
        outlet: fc.constantFrom('a', 'b'),
        added: fc.nat(5_000),
        reset: fc.boolean(),
        flush: fc.boolean(),
      }),
      { maxLength: 24 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const total = new Map<string, number>();
        const truth = new Map<string, number>();
        const runs: OutletTotal[][] = [[]];
        for (const [index, { outlet, added, reset, flush }] of script.entries()) {
          const before = total.get(outlet) ?? 0;
          const resets = reset && added < before;
          const grams = resets ? added : before + added;
          total.set(outlet, grams);
          truth.set(outlet, (truth.get(outlet) ?? 0) + added);
          runs.at(-1)?.push({ ...base, outlet, grams, timeMs: index * 7_200_000 });
          if (flush) runs.push([]);
        }
        const { rows } = await counted(runs);
        for (const outlet of truth.keys()) {
          const sum = rows.filter((row) => row.outlet === outlet).reduce((all, row) => all + row.grams, 0);
          expect(sum).toBe(truth.get(outlet));
        }
      }),
      { numRuns: 25 },
    );
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
    ['collector', [['unattributed', 4.500001]]],
    ['commune', [['unattributed', 4.500001]]],
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

const lineDevice = (creme: bigint) => ({
  id: 'line',
  metrics: [
    declared({ name: 'outlet.creme.total', alias: 1, type: DATA_TYPE.uint64, value: creme, unit: 'g' }),
  ],
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

  it('counts what the edge counted, over restarts of both, and ignores the past that is re-sent', async () => {
    await using server = await startTestServer();
    const cookie = await server.signIn('region');
    const edge = await TestEdge.connect({
      url: server.mqttUrl,
      devices: [lineDevice(1_000_000n)],
      description,
    });
    await reaches(server, cookie, 1);
    const total = { alias: 1, type: DATA_TYPE.uint64, omitType: true };
    edge.data('line', [{ ...total, value: 1_250_000n }]);
    await reaches(server, cookie, 1.25);
    edge.data('line', [{ ...total, value: 900_000n, historical: true, timestampMs: 1_763_000_000_000 }]);
    await edge[Symbol.asyncDispose]();
    await server.running.stop();
    await using again = await startTestServer({
      dataDir: `${server.directory}/dashboard`,
      demoAccountsFile: `${server.directory}/demo-accounts.json`,
    });
    const cookieAgain = await again.signIn('supervisor');
    expect(await sum(again, cookieAgain)).toBe(1.25);
    await using reborn = await TestEdge.connect({
      url: again.mqttUrl,
      devices: [lineDevice(1_300_000n)],
      description,
    });
    await reaches(again, cookieAgain, 1.3);
    const answer = await again.json<TonnageAnswer>('/api/v1/tonnage?by=outlet&unit=GJ', cookieAgain);
    expect(answer.rows).toMatchObject([{ id: 'creme', key: 'creme', t: 1.3 }]);
    expect(answer.rows[0]?.GJ).toBeCloseTo(1.3 * (lhvOfMixMJPerKg({ cotton: 100 }) ?? 0), 5);
    expect(reborn.rebirthsAsked).toBeLessThanOrEqual(1);
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
