import type { HistoryAnswer, TonnageAnswer } from '@trame/protocol/dashboard-api';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { edgeHealth } from '../helpers/edge-health.ts';
import { failWrites, type FailingWrites } from '../helpers/failing-writes.ts';
import { countedGrams, grams, upTo, weighings } from '../helpers/ledger-books.ts';
import { sendCommand } from '../helpers/line-command.ts';
import type { Truth } from '../helpers/simulation-control.ts';
import { exportLedger, verifyLedger } from '../helpers/site-commands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { mountSmallDisk, type SmallDisk } from '../helpers/small-disk.ts';
import { everythingArrived, LINE, lineHealth, standstill } from '../helpers/standstill.ts';
import { startTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.ts';
import { until } from '../helpers/until.ts';

const KEEP_ALIVE_MS = 2_000;
/** A machine under load looks late; nobody waits longer for it than that. */
const LOOK_MS = 1_000;
const THROUGHPUT_EVERY_MS = 2_000;
const DISK_BYTES = 24_000_000;
/** The totals of a line are said again that often when they do not change. */
const REPEATED_EVERY_MS = 5_000;
/** Far less than the broker was away. */
const HOLE_MS = 1.5 * REPEATED_EVERY_MS;
const FAULT_MS = 60_000;

describe('a line whose broker is a black hole, whose disk is full, and whose disk fails', () => {
  let site: Site;
  let supervisor: DashboardClient;
  let proxy: TcpProxy;
  let disk: SmallDisk | null = null;
  let failing: FailingWrites | null = null;
  let truth: Truth;
  let ledger: readonly LedgerEvent[];

  beforeAll(async () => {
    proxy = await startTcpProxy();
    site = await startSite({
      history: 'embedded',
      speed: 5,
      editLine: (yaml) =>
        throughProxy(yaml).replace('throughputEvery: 10s', 'throughputEvery: 2s, reserve: 1MB'),
      edgeDisk: (folder) => {
        disk = mountSmallDisk(folder, DISK_BYTES);
        return disk ?? { [Symbol.asyncDispose]: () => Promise.resolve() };
      },
    });
    supervisor = await site.signInAs('supervisor');
    await until('events in the server', async () => (await lineHealth(supervisor)).stored.upTo > 5, FAULT_MS);
  }, 180_000);

  /** One fault must not be the next one's. */
  afterEach(async () => {
    proxy.swallow(false);
    await mendDisk();
  });

  async function mendDisk(): Promise<void> {
    disk?.giveBack();
    await failing?.end();
    failing = null;
  }

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
  });

  function throughProxy(yaml: string): string {
    return yaml.replace(/url: mqtt:\/\/127\.0\.0\.1:(?<port>\d+)/u, (_url, port: string) => {
      proxy.leadTo(Number(port));
      return `url: mqtt://127.0.0.1:${proxy.port}, keepAlive: ${KEEP_ALIVE_MS / 1000}s`;
    });
  }

  const ledgerState = async () => (await edgeHealth(site)).ledger.state;
  const fallenGrams = async () =>
    Object.values((await site.simulation.truth()).outputKg).reduce((total, kg) => total + grams(kg), 0);

  /** Nothing was acknowledged that is not in the file: whoever stored it had it from there. */
  async function nothingBeyondTheDisk(): Promise<void> {
    const { upTo: acknowledged } = (await lineHealth(supervisor)).stored;
    const { events, firstBroken } = await verifyLedger(site);
    expect(firstBroken).toBeNull();
    expect(acknowledged).toBeLessThanOrEqual(events);
  }

  async function caughtUp(): Promise<void> {
    await until(
      'a ledger that has caught up',
      async () => {
        const { ledger: said } = await edgeHealth(site);
        const { stored } = await lineHealth(supervisor);
        return said.state === 'ok' && said.unstored === 0 && stored.upTo >= said.head;
      },
      FAULT_MS,
    );
  }

  /** Good samples of a tag of the line, oldest first. */
  async function measured(tag: string, fromMs: number, toMs = Date.now() + LOOK_MS) {
    const path = `/api/v1/history?tag=${LINE}/${tag}&every=raw&from=${fromMs}&to=${toMs}`;
    const { points } = (await supervisor.get(path)) as HistoryAnswer;
    return points.filter(({ value, quality }) => value !== null && quality === 192);
  }

  it('notices within two keep-alives that the broker swallows everything, and afterwards there is no hole', async () => {
    const fromMs = Date.now();
    const silentSince = performance.now();
    proxy.swallow(true);
    await until(
      'an edge that says that it has lost the broker',
      async () => (await edgeHealth(site)).uplink?.state !== 'born',
      FAULT_MS,
    );
    expect(performance.now() - silentSince).toBeLessThan(2 * KEEP_ALIVE_MS + LOOK_MS);
    const { status, uplink, ledger: lost } = await edgeHealth(site);
    expect([status, uplink?.reason]).toStrictEqual(['degraded', expect.stringMatching(/./u)]);

    const stored = (await lineHealth(supervisor)).stored.upTo;
    const middle = await site.simulation.truth();
    await until(
      'a ledger that goes on',
      async () => (await edgeHealth(site)).ledger.head > lost.head + 3,
      FAULT_MS,
    );
    await sleep(2 * REPEATED_EVERY_MS);
    expect((await lineHealth(supervisor)).stored.upTo).toBe(stored);
    proxy.swallow(false);
    const toMs = Date.now();

    await until(
      'the way to the server',
      async () => (await edgeHealth(site)).uplink?.state === 'born',
      FAULT_MS,
    );
    await caughtUp();
    await until(
      'what was measured meanwhile',
      async () => (await edgeHealth(site)).spool?.samples === 0,
      FAULT_MS,
    );
    const middleMs = new Date(middle.at).getTime();
    for (const [outlet, kg] of Object.entries(middle.outputKg)) {
      const points = await until(`the history of ${outlet}`, async () => {
        const found = await measured(`line/outlet.${outlet}.total`, fromMs - REPEATED_EVERY_MS);
        return (found.at(-1)?.t ?? 0) > toMs && found;
      });
      const widest = Math.max(...points.slice(1).map(({ t }, index) => t - (points[index]?.t ?? 0)));
      expect(widest, `the widest hole of ${outlet}`).toBeLessThan(HOLE_MS);
      const at = (ms: number) => points.findLast(({ t }) => t <= ms)?.value ?? 0;
      expect(at(middleMs - 2_000), `${outlet} before`).toBeLessThanOrEqual(grams(kg));
      expect(at(middleMs + 2_000), `${outlet} after`).toBeGreaterThanOrEqual(grams(kg));
    }
  });

  it('acknowledges nothing that a full disk does not hold, says so, and takes it up when there is room', async () => {
    // A journal that was written for a while has room of its own; a new one has none.
    await site.edge.process().stop();
    site.edge.start();
    await until('the line', async () => (await edgeHealth(site)).uplink?.state === 'born', FAULT_MS);
    const fallen = await fallenGrams();
    const verification = { scale: 'bale-scale', outcome: 'accepted', on: '2026-01-02', due: '2027-01-02' };
    const verify = () => sendCommand(supervisor, 'a-full-disk', 'scale.verify', verification);
    if (disk === null) failing = await failWrites(site.edge.process().pid, 'ENOSPC');
    await until(
      'a ledger that cannot be written',
      async () => {
        // Also what the ledger keeps in reserve for such a day.
        disk?.fill();
        return (await ledgerState()) === 'not-stored';
      },
      FAULT_MS,
    );
    const said = await until(
      'the server to be told',
      async () => {
        const { heartbeat } = await lineHealth(supervisor);
        return heartbeat?.said.ledger.state === 'not-stored' && heartbeat.said;
      },
      FAULT_MS,
    );
    expect(said.ledger.reason).toMatch(/./u);
    // The disk is looked at every two seconds; one that only refuses is not full.
    const room = disk === null ? 'ok' : 'reserve';
    await until(
      'the room that is left',
      async () => (await lineHealth(supervisor)).heartbeat?.said.disk.state === room,
      FAULT_MS,
    );
    expect((await edgeHealth(site)).status).toBe('degraded');
    expect(await verify()).toMatchObject({ status: 409, body: { code: 'not-stored' } });
    await nothingBeyondTheDisk();
    await until('records that wait', async () => (await edgeHealth(site)).ledger.unstored > 0, FAULT_MS);
    // The line works on, and is seen to.
    await until('material that falls', async () => (await fallenGrams()) > fallen, FAULT_MS);
    const now = Date.now();
    await until(
      'live values',
      async () => (await measured('energy-meter/activePower', now)).length > 1,
      FAULT_MS,
    );

    await mendDisk();
    await caughtUp();
    const done = await verify();
    expect(done).toMatchObject({ status: 200, body: { seq: expect.any(Number) } });
    expect((await verify()).body.seq).toBe(done.body.seq);
  });

  it('acknowledges nothing while the disk fails, says so, and goes on with the same chain', async () => {
    failing = await failWrites(site.edge.process().pid, 'EIO');
    await until(
      'a ledger that cannot be written',
      async () => (await ledgerState()) === 'not-stored',
      FAULT_MS,
    );
    const { stored } = await lineHealth(supervisor);
    await until(
      'the server to be told',
      async () => (await lineHealth(supervisor)).heartbeat?.said.ledger.state === 'not-stored',
      FAULT_MS,
    );
    await sleep(3 * THROUGHPUT_EVERY_MS);
    const { ledger: said } = await edgeHealth(site);
    expect([said.state, said.unstored]).toStrictEqual(['not-stored', expect.any(Number)]);
    expect(said.unstored).toBeGreaterThan(0);
    expect(failing.failed()).toBeGreaterThan(2);
    await nothingBeyondTheDisk();
    expect((await lineHealth(supervisor)).stored.upTo).toBeLessThanOrEqual(stored.upTo + 1);
    await mendDisk();
    await caughtUp();
  });

  describe('and afterwards', () => {
    beforeAll(async () => {
      truth = await standstill(site);
      await everythingArrived(supervisor, THROUGHPUT_EVERY_MS);
      ledger = await exportLedger(site);
    }, 180_000);

    it('the chain is whole, in one epoch, and stored to its head', async () => {
      expect(await verifyLedger(site)).toStrictEqual({ events: ledger.length, lines: 1, firstBroken: null });
      expect(new Set(ledger.map(({ epoch }) => epoch)).size).toBe(1);
      const { stored, refusals } = await lineHealth(supervisor);
      expect([stored.upTo, stored.hash]).toStrictEqual([ledger.length, ledger.at(-1)?.hash]);
      expect(refusals).toStrictEqual([]);
    });

    it('what was counted and what the server tells is what fell, to the gram', async () => {
      const counted = countedGrams(ledger);
      const { rows } = (await supervisor.get('/api/v1/tonnage?by=outlet')) as TonnageAnswer;
      const told = new Map(rows.map(({ key, t }) => [key, Math.round(t * 1e6)]));
      for (const [outlet, kg] of Object.entries(truth.outputKg)) {
        const fell = grams(kg);
        expect([outlet, counted.get(`outlet.${outlet}`) ?? 0, told.get(outlet) ?? 0]).toStrictEqual([
          outlet,
          fell,
          fell,
        ]);
      }
      expect(counted.get('input')).toBe(grams(truth.inputKg));
    });

    it('every weighing is there once, and the verification that a person stated, too', () => {
      const reception = weighings(ledger, 'infeed-scale');
      expect(reception.numbers).toStrictEqual(upTo(truth.cagesWeighed));
      expect(reception.grams).toBe(grams(truth.inputKg));
      expect(weighings(ledger, 'bale-scale').numbers).toStrictEqual(upTo(truth.baleCount));
      expect(ledger.filter(({ type }) => type === 'scale.verified')).toHaveLength(1);
    });
  });
});
