import { InfluxDB } from 'influx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listenAsThirdParty, type SeenMessage, type ThirdParty } from '../helpers/mosquitto-sub.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';

const NODE = 'spBv1.0/caux-vallee-de-seine';
const LINE = 'tri-1';

const metrics = (message: SeenMessage) => message.payload?.metrics ?? [];

describe('the site on Mosquitto and InfluxDB, seen by programs that are not ours', () => {
  let site: Site;
  let ear: ThirdParty;

  beforeAll(async () => {
    site = await startSite({ history: 'influx', speed: 10 });
    ear = listenAsThirdParty(site.broker.url, 'spBv1.0/#');
    await ear.waitFor('STATE of the host', (message) => message.topic === 'spBv1.0/STATE/trame');
    // A third party that comes late asks for the births as any host application does.
    await site.edge.kill();
    site.edge.start();
    await ear.waitFor(
      'birth of the scale',
      ({ topic }) => topic === `${NODE}/DBIRTH/${LINE}/infeed-scale`,
      30_000,
    );
  }, 180_000);

  afterAll(async () => {
    await ear[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  it('the host says that it is online, retained', async () => {
    const state = await ear.waitFor('STATE', (message) => message.topic === 'spBv1.0/STATE/trame');
    expect(state.retained).toBe(true);
    expect(JSON.parse(state.bytes.toString())).toMatchObject({ online: true });
  });

  it('the node is born first, with bdSeq and the rebirth control, neither retained', async () => {
    const birth = await ear.waitFor('NBIRTH', ({ topic }) => topic === `${NODE}/NBIRTH/${LINE}`);
    expect(birth.retained).toBe(false);
    expect(birth.qos).toBe(0);
    expect(metrics(birth).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['bdSeq', 'Node Control/Rebirth']),
    );
    const death = ear.messages.findIndex(({ topic }) => topic === `${NODE}/NDEATH/${LINE}`);
    const afterDeath = ear.messages.slice(death + 1).find(({ topic }) => topic.startsWith(`${NODE}/`));
    expect(afterDeath?.topic).toBe(`${NODE}/NBIRTH/${LINE}`);
  });

  it('the will of the edge that was killed told its death', () => {
    expect(ear.messages.some(({ topic }) => topic === `${NODE}/NDEATH/${LINE}`)).toBe(true);
  });

  it('every device of the line is born with units, types and qualities', async () => {
    for (const device of ['infeed-scale', 'bale-scale', 'press', 'energy-meter', 'plc', 'nir', 'line']) {
      const birth = await ear.waitFor(
        `DBIRTH of ${device}`,
        ({ topic }) => topic === `${NODE}/DBIRTH/${LINE}/${device}`,
        30_000,
      );
      for (const metric of metrics(birth)) {
        expect(metric.name).toBeTruthy();
        expect(metric.type).not.toBe('Unknown');
        expect(metric.properties?.['Quality']?.value).toBeTypeOf('number');
      }
    }
  });

  it('data follows with sequence numbers that never skip', async () => {
    await until('two hundred messages', () => sequence().length > 200, 30_000);
    const seqs = sequence();
    for (const [index, seq] of seqs.slice(1).entries()) expect(seq).toBe(((seqs[index] ?? 0) + 1) % 256);
  });

  /** Sequence numbers since the last birth of the node. */
  function sequence(): readonly number[] {
    const start = ear.messages.findLastIndex(({ topic }) => topic === `${NODE}/NBIRTH/${LINE}`);
    return ear.messages
      .slice(start)
      .filter(
        ({ topic }) => topic.startsWith(`${NODE}/`) && !topic.includes('/NDEATH/') && !topic.includes('CMD/'),
      )
      .map(({ payload }) => Number(payload?.seq ?? 0));
  }

  it('InfluxDB holds the samples with their tags, floats and integer qualities', async () => {
    const influx = new InfluxDB(`${site.influx?.url}/trame`);
    const rows = await until('samples in InfluxDB', async () => {
      const found = await influx.query<{ value: number | null; quality: number; device: string }>(
        "SELECT value, quality, device FROM sample WHERE device = 'infeed-scale' AND metric = 'gross' LIMIT 5",
      );
      return found.length > 0 && found;
    });
    expect(rows[0]?.quality).toBe(192);
    expect(rows[0]?.value).toBeTypeOf('number');
    const tags = await influx.query<{ tagKey: string }>('SHOW TAG KEYS FROM sample');
    expect(tags.map(({ tagKey }) => tagKey).toSorted()).toStrictEqual(['device', 'line', 'metric', 'site']);
  });

  it('the interface reads the same samples back', async () => {
    const supervisor = await site.signInAs('supervisor');
    const to = Date.now();
    const path = `/api/v1/history?tag=${LINE}/plc/hopperLevel&from=${to - 600_000}&to=${to}&every=10s`;
    const answer = await until('points of the hopper', async () => {
      const body = (await supervisor.get(path)) as { points: { value: number | null }[] };
      return body.points.some(({ value }) => value !== null) && body;
    });
    const levels = answer.points.flatMap(({ value }) => (value === null ? [] : [value]));
    expect(Math.min(...levels)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...levels)).toBeLessThanOrEqual(100);
  });
});
