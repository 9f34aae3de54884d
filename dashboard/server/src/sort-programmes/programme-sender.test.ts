/** An approved programme on its way to the edge of a line, over a real broker: taken, refused, away and back, approved again. */
import { encodeHeartbeat } from '@trame/protocol/heartbeat';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import type { LineProgrammes } from '@trame/protocol/sort-programmes/programme-answers';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { exampleHeartbeat } from '@trame/protocol/test-heartbeat';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EDGE_SILENT_MS } from '../commands/last-heartbeat.ts';
import { TestLedger } from '../ledger/test-ledger.ts';
import { repeat } from '../ports/repeat.ts';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { TestLine } from '../testing/test-line.ts';
import {
  fasterClock,
  startMaterialServer,
  TEST_MATERIAL,
  type MaterialServer,
} from '../testing/test-material-server.ts';
import { woolProgramme } from './test-programmes.ts';

/** A look of the server every half second, ten seconds of waiting in a third of one. */
const FASTER = 30;
const LINE = 'tri-2';
const BEAT_MS = 500;
/** Of several looks. */
const A_WHILE_MS = 1_500;

let site: MaterialServer;
/** The line that is told; the other one keeps the book. */
let line: TestLine;
let client: MqttClient;
let isBeating = true;
let boot = '0123456789abcdef';
const ended = new AbortController();
let beating: Promise<void> = Promise.resolve();

function wool(percent: number): SortProgramme {
  const programme = woolProgramme(percent);
  const rules = programme.rules.map((rule, n) => ({ ...rule, outlet: n === 0 ? 'reuse' : 'wipers' }));
  return { ...programme, rules };
}

beforeAll(async () => {
  const material = { ...TEST_MATERIAL, bookKeeper: 'tri-1' };
  const settings = { site: 'caux', material, sortProgrammes: { approvals: 2 } } as const;
  site = await startMaterialServer(settings, {}, fasterClock(FASTER));
  const ledger = new TestLedger({ line: LINE, name: 'second' });
  line = await TestLine.connect({ url: site.server.mqttUrl, ledger });
  client = await connectAsync(site.server.mqttUrl);
  let tick = 0;
  const beat = async () => {
    if (!isBeating) return;
    const said = encodeHeartbeat(exampleHeartbeat({ boot, tick: (tick += 1) }));
    await client.publishAsync(`trame/v1/caux/${LINE}/heartbeat`, said, { qos: 1 });
  };
  await beat();
  beating = repeat(systemClock, BEAT_MS, ended.signal, beat);
  await eventually(async () => {
    const { rows } = await site.get<LineProgrammes>('/sort-programmes/lines');
    return rows.some((row) => row.line === LINE) ? true : null;
  });
  for (const percent of [60, 70, 80, 90]) {
    await site.act('/sort-programmes', { programme: wool(percent) });
  }
});

afterAll(async () => {
  ended.abort();
  await beating;
  await client.endAsync(true);
  await line[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

const told = () => line.requests.filter(({ command }) => command === 'programme.activate');
const ids = () => new Set(told().map(({ id }) => id));
const active = () =>
  line.ledger.events
    .filter(({ type }) => type === 'programme.active')
    .map(({ payload }) => payload?.['version']);

const step = (version: number, role: 'supervisor' | 'administrator') =>
  site.act('/sort-programmes/laine/activate', { line: LINE, version }, { role });

async function approve(version: number) {
  expect((await step(version, 'supervisor')).body.warnings).toEqual([]);
  return step(version, 'administrator');
}

const follows = (version: number) =>
  eventually(async () => {
    const { rows } = await site.get<LineProgrammes>('/sort-programmes/lines');
    const row = rows.find((one) => one.line === LINE);
    return row?.follows?.by === 'line' && row.follows.version === version ? true : null;
  });

describe('an approved programme', () => {
  it('is not sent before another account agrees; then once, signed, without a heartbeat, and it is followed', async () => {
    expect((await step(1, 'supervisor')).body.warnings).toEqual([]);
    await systemClock.sleep(A_WHILE_MS, new AbortController().signal);
    expect(told()).toEqual([]);
    expect((await step(1, 'administrator')).body.warnings).toEqual([]);
    await follows(1);
    await systemClock.sleep(A_WHILE_MS, new AbortController().signal);
    expect(told()).toHaveLength(1);
    const [request] = told();
    expect(programmeHash(request?.args['programme'] as SortProgramme)).toBe(programmeHash(wool(60)));
    expect(request?.heartbeat).toBeUndefined();
    const { rows } = await site.get<{ rows: { command: string }[] }>(`/commands?line=${LINE}`);
    expect(rows).toEqual([]);
  });

  it('that the edge refuses is told to who approved it, and sent again only once it is approved again', async () => {
    line.refuses = { code: 'refused', refusal: 'bad-programme', detail: 'non', seq: null, epoch: null };
    expect((await approve(2)).body.warnings).toEqual(['line-refused']);
    const asked = ids().size;
    line.refuses = null;
    await systemClock.sleep(A_WHILE_MS, new AbortController().signal);
    expect([ids().size, active()]).toEqual([asked, [1]]);
    expect((await step(2, 'supervisor')).body.warnings).toEqual([]);
    await follows(2);
    expect([ids().size, active()]).toEqual([asked + 1, [1, 2]]);
  });

  it('reaches a line that was away when it is heard again, once, and is told not to have until then', async () => {
    isBeating = false;
    line.isThere = false;
    await systemClock.sleep(EDGE_SILENT_MS + 500, new AbortController().signal);
    const startedAt = systemClock.monotonicMs();
    expect((await approve(3)).body.warnings).toEqual(['line-not-told']);
    // Nobody waits for a line that is not there, and it is left in peace.
    expect(systemClock.monotonicMs() - startedAt).toBeLessThan(5_000);
    await systemClock.sleep(A_WHILE_MS, new AbortController().signal);
    const before = ids().size;
    line.isThere = true;
    isBeating = true;
    boot = 'fedcba9876543210';
    await follows(3);
    await systemClock.sleep(A_WHILE_MS, new AbortController().signal);
    expect(active()).toEqual([1, 2, 3]);
    expect(ids().size - before).toBeLessThanOrEqual(1);
  }, 40_000);

  it('that a line does not store is sent again, less and less often, until it does', async () => {
    line.refuses = { code: 'not-stored', detail: 'full', seq: null, epoch: null };
    expect((await approve(4)).body.warnings).toEqual(['line-not-told']);
    const before = told().length;
    await systemClock.sleep(5_000, new AbortController().signal);
    const again = told().length - before;
    expect(again).toBeGreaterThanOrEqual(1);
    expect(again).toBeLessThanOrEqual(4);
    line.refuses = null;
    await follows(4);
    expect(active()).toEqual([1, 2, 3, 4]);
  }, 40_000);
});
