import type { TonnageAnswer } from '@trame/protocol/dashboard-api';
import type { HealthOverview } from '@trame/protocol/health-api';
import { globSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { grams } from '../helpers/ledger-books.ts';
import type { Truth } from '../helpers/simulation-control.ts';
import { exportLedger, serverCommand, verifyLedger } from '../helpers/site-commands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { everythingArrived, lineHealth, standstill } from '../helpers/standstill.ts';
import { swiftLine, THROUGHPUT_EVERY_MS } from '../helpers/swift-line.ts';
import { until } from '../helpers/until.ts';

const SEEN_WITHIN_MS = 60_000;

describe('a server that loses its disk, and is restored from a backup that was made while it ran', () => {
  let site: Site;
  let supervisor: DashboardClient;
  let truth: Truth;

  beforeAll(async () => {
    site = await startSite({
      history: 'embedded',
      speed: 8,
      editLine: swiftLine,
    });
    supervisor = await site.signInAs('supervisor');
    await storedBeyond(10);
  }, 180_000);

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  const folder = (...names: string[]) => join(site.dataDir, ...names);
  const overview = async () => (await supervisor.get('/api/v1/health')) as HealthOverview;

  async function storedBeyond(seq: number): Promise<number> {
    return until(
      `event ${seq} in the server`,
      async () => {
        const { upTo } = (await lineHealth(supervisor)).stored;
        return upTo > seq && upTo;
      },
      SEEN_WITHIN_MS,
    );
  }

  function storedEvents(): readonly unknown[] {
    using records = new DatabaseSync(folder('dashboard/records.sqlite'), { readOnly: true });
    return records
      .prepare('SELECT epoch, seq, id, hash FROM ledger_events ORDER BY place')
      .all()
      .map((row) => ({ ...row }));
  }

  it('is backed up beside the running server, which shows when', async () => {
    const { at, server } = await overview();
    expect(server.lastBackup).toBeNull();
    const outcome = await serverCommand(site, 'backup', '--to', folder('kept'));
    expect([outcome.code, outcome.stderr]).toStrictEqual([0, '']);
    const [made, ...more] = globSync('kept/*', { cwd: site.dataDir });
    expect([outcome.stdout, more]).toStrictEqual([expect.stringContaining(made ?? '?'), []]);
    const shown = (await overview()).server.lastBackup;
    expect(shown?.at).toBeGreaterThanOrEqual(at);
    expect(shown?.bytes).toBeGreaterThan(10_000);
  });

  it('goes on from there after a restore: the line sends again what came after, and nothing is missing', async () => {
    const { upTo: backedUp } = (await lineHealth(supervisor)).stored;
    const present = await storedBeyond(backedUp + 8);
    const held = storedEvents();
    await site.server.kill();
    // The edge finds nobody, and goes on recording.
    renameSync(folder('dashboard'), folder('lost'));
    mkdirSync(folder('dashboard'));
    const [backup = ''] = globSync('kept/*', { cwd: site.dataDir });
    const outcome = await serverCommand(site, 'restore', folder(backup));
    expect([outcome.code, outcome.stderr]).toStrictEqual([0, '']);
    const restored = storedEvents();
    expect(restored.length).toBeLessThan(held.length);
    expect(held.slice(0, restored.length)).toStrictEqual(restored);

    site.server.start();
    supervisor = await until('a server that answers', () => site.signInAs('supervisor'), SEEN_WITHIN_MS);
    expect((await overview()).server.lastBackup?.at).toBeGreaterThan(0);
    await storedBeyond(present);
    expect(storedEvents().slice(0, held.length)).toStrictEqual(held);
    const { chain, refusals } = await lineHealth(supervisor);
    expect([chain, refusals]).toStrictEqual(['intact', []]);
  });

  it('is not restored beside a running server, nor from what is no backup', async () => {
    const [backup = ''] = globSync('kept/*', { cwd: site.dataDir });
    const running = await serverCommand(site, 'restore', folder(backup));
    expect([running.code, running.stderr]).toStrictEqual([1, expect.stringMatching(/./u)]);
    const nothing = await serverCommand(site, 'restore', folder('edge'));
    expect([nothing.code, nothing.stderr]).toStrictEqual([1, expect.stringMatching(/./u)]);
    expect((await lineHealth(supervisor)).chain).toBe('intact');
  });

  describe('and afterwards', () => {
    beforeAll(async () => {
      truth = await standstill(site);
      await everythingArrived(supervisor, THROUGHPUT_EVERY_MS);
    }, 180_000);

    it('holds every event of the line once', async () => {
      const ledger = await exportLedger(site);
      expect(await verifyLedger(site)).toStrictEqual({ events: ledger.length, lines: 1, firstBroken: null });
      expect(storedEvents()).toStrictEqual(
        ledger.map(({ epoch, seq, id, hash }) => ({ epoch, seq, id, hash })),
      );
    });

    it('tells what fell, outlet by outlet, to the gram', async () => {
      const { rows } = (await supervisor.get('/api/v1/tonnage?by=outlet')) as TonnageAnswer;
      const told = new Map(rows.map(({ key, t }) => [key, Math.round(t * 1e6)]));
      for (const [outlet, kg] of Object.entries(truth.outputKg)) {
        expect([outlet, told.get(outlet) ?? 0]).toStrictEqual([outlet, grams(kg)]);
      }
    });
  });
});
