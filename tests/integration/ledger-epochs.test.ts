import type { TonnageAnswer, WeighingsAnswer } from '@trame/protocol/dashboard-api';
import type { LineHealth } from '@trame/protocol/health-api';
import { cpSync, globSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { edgeHealth } from '../helpers/edge-health.ts';
import { grams, upTo } from '../helpers/ledger-books.ts';
import { acceptEpoch } from '../helpers/line-command.ts';
import type { Truth } from '../helpers/simulation-control.ts';
import { edgeCommand, exportLedger, verifyLedger } from '../helpers/site-commands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { everythingArrived, lineHealth, standstill } from '../helpers/standstill.ts';
import { swiftLine, THROUGHPUT_EVERY_MS } from '../helpers/swift-line.ts';
import { until } from '../helpers/until.ts';

const SEEN_WITHIN_MS = 60_000;

describe('a line whose ledger is restored from an older copy, and then begun anew on another machine', () => {
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
    await storedBeyond(8);
  }, 180_000);

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
  });

  const health = () => lineHealth(supervisor);
  const folder = (...names: string[]) => join(site.dataDir, ...names);

  /** Waits until so much of the present epoch is stored in the server. */
  async function storedBeyond(seq: number): Promise<LineHealth['stored']> {
    return until(
      `event ${seq} in the server`,
      async () => {
        const { stored } = await health();
        return stored.upTo > seq && stored;
      },
      SEEN_WITHIN_MS,
    );
  }

  /** Every event that the server holds, in the order of storing. */
  function storedEvents(): readonly unknown[] {
    using records = new DatabaseSync(folder('dashboard/records.sqlite'), { readOnly: true });
    return records
      .prepare('SELECT epoch, seq, id, hash FROM ledger_events ORDER BY place')
      .all()
      .map((row) => ({ ...row }));
  }

  /** Moves the files that match out of the edge's data folder, or copies them. */
  function setAside(into: string, pattern: string, carry: (from: string, to: string) => void): void {
    mkdirSync(folder(into));
    for (const file of globSync(pattern, { cwd: folder('edge') })) {
      carry(folder('edge', file), folder(into, file));
    }
  }

  /** Waits for the refusal of an unknown epoch that holds the line up. @returns the epoch. */
  async function refusedEpoch(): Promise<string> {
    const refusal = await until(
      'a refused epoch',
      async () => {
        const { chain, refusals } = await health();
        const found = refusals.find(({ code, blocking }) => code === 'unknown-epoch' && blocking);
        return chain === 'refused' && found;
      },
      SEEN_WITHIN_MS,
    );
    expect(refusal.epoch).toMatch(/^[0-9a-f]{32}$/u);
    return refusal.epoch ?? '';
  }

  async function accepted(epoch: string): Promise<void> {
    expect(await acceptEpoch(supervisor, epoch)).toMatchObject({ status: 204 });
    await until(
      'the accepted epoch to arrive',
      async () => {
        const { chain, stored, heartbeat } = await health();
        return chain === 'intact' && stored.epoch === epoch && stored.upTo === heartbeat?.said.ledger.head;
      },
      SEEN_WITHIN_MS,
    );
    await until(
      'a consumer that follows',
      async () => (await edgeHealth(site)).ledger.consumers.every(({ state }) => state === 'following'),
      SEEN_WITHIN_MS,
    );
  }

  it('an older copy is told from its server’s cursor: nothing is sent or stored until it is reopened and accepted', async () => {
    await site.edge.process().stop();
    setAside('older', 'ledger.sqlite*', (from, to) => cpSync(from, to));
    site.edge.start();
    const { upTo: before, epoch: first } = (await health()).stored;
    await storedBeyond(before + 8);
    await site.edge.kill();
    const present = (await health()).stored;
    const held = storedEvents();

    for (const file of globSync('ledger.sqlite*', { cwd: folder('edge') })) rmSync(folder('edge', file));
    cpSync(folder('older'), folder('edge'), { recursive: true });
    site.edge.start();
    const told = await until(
      'a ledger that knows that it is an older copy',
      async () => {
        const [consumer] = (await edgeHealth(site)).ledger.consumers;
        return (consumer?.state === 'cursor-ahead' || consumer?.state === 'fork') && consumer;
      },
      SEEN_WITHIN_MS,
    );
    expect(told.reason).toContain('trame-edge ledger reopen');
    await until(
      'the page to say so',
      async () => (await health()).heartbeat?.said.ledger.consumers[0]?.state === told.state,
      SEEN_WITHIN_MS,
    );
    const standing = (await edgeHealth(site)).ledger.head;
    await until(
      'a ledger that goes on',
      async () => (await edgeHealth(site)).ledger.head > standing + 3,
      SEEN_WITHIN_MS,
    );
    expect((await health()).stored).toMatchObject({
      epoch: present.epoch,
      upTo: present.upTo,
      hash: present.hash,
    });
    expect(storedEvents()).toStrictEqual(held);

    await site.edge.process().stop();
    const line = folder('edge/line.yaml');
    const reopened = await edgeCommand(site, 'ledger', 'reopen', '--yes', '--config', line, '--json');
    expect([reopened.code, reopened.stderr]).toStrictEqual([0, '']);
    site.edge.start();
    const epoch = await refusedEpoch();
    expect(epoch).not.toBe(first);
    expect(storedEvents()).toStrictEqual(held);
    await accepted(epoch);
  });

  it('a new data directory under the old name is refused, and nothing of it is stored, until a person accepts it', async () => {
    await storedBeyond((await health()).stored.upTo + 4);
    await site.edge.process().stop();
    const held = storedEvents();
    const { stored } = await health();
    setAside('former', '{ledger,edge-state,spool}*', renameSync);
    site.edge.start();
    const epoch = await refusedEpoch();
    expect(epoch).not.toBe(stored.epoch);
    await until(
      'the line to be told',
      async () => (await edgeHealth(site)).ledger.consumers[0]?.reason?.startsWith('unknown-epoch'),
      SEEN_WITHIN_MS,
    );
    const { head } = (await edgeHealth(site)).ledger;
    await until(
      'a ledger that goes on',
      async () => (await edgeHealth(site)).ledger.head > head + 2,
      SEEN_WITHIN_MS,
    );
    expect(storedEvents()).toStrictEqual(held);
    expect((await health()).stored).toStrictEqual(stored);
    expect(await acceptEpoch(supervisor, '0'.repeat(32))).toMatchObject({
      status: 409,
      body: { code: 'epoch-not-refused' },
    });
    await accepted(epoch);
  });

  describe('and afterwards', () => {
    beforeAll(async () => {
      truth = await standstill(site);
      await everythingArrived(supervisor, THROUGHPUT_EVERY_MS);
    }, 180_000);

    it('the chain of the present ledger is whole, and the server holds every event of it once', async () => {
      const ledger = await exportLedger(site);
      expect(await verifyLedger(site)).toStrictEqual({ events: ledger.length, lines: 1, firstBroken: null });
      const present = ledger.at(-1)?.epoch;
      const stored = storedEvents() as readonly { epoch: string; seq: number; id: string; hash: string }[];
      expect(stored.filter(({ epoch }) => epoch === present)).toStrictEqual(
        ledger.map(({ epoch, seq, id, hash }) => ({ epoch, seq, id, hash })),
      );
    });

    it('the tonnage is what fell, to the gram: what the device counted before counts once', async () => {
      const { rows } = (await supervisor.get('/api/v1/tonnage?by=outlet')) as TonnageAnswer;
      const told = new Map(rows.map(({ key, t }) => [key, Math.round(t * 1e6)]));
      for (const [outlet, kg] of Object.entries(truth.outputKg)) {
        expect([outlet, told.get(outlet) ?? 0]).toStrictEqual([outlet, grams(kg)]);
      }
    });

    it.each(['infeed-scale', 'bale-scale'])(
      'no number of the %s is recorded twice, and each is recorded or named as missed',
      async (scale) => {
        const { rows } = (await supervisor.get('/api/v1/weighings?limit=500')) as WeighingsAnswer;
        const ofScale = rows.filter((row) => row.scale === scale);
        const recorded = ofScale.filter(({ kind }) => kind === 'recorded').map(({ number }) => number ?? 0);
        expect(recorded).toStrictEqual([...new Set(recorded)]);
        const missed = ofScale
          .filter(({ kind }) => kind === 'missed')
          .flatMap(({ number, toNumber }) =>
            upTo(toNumber ?? 0).filter((candidate) => candidate >= (number ?? 0)),
          );
        const count = scale === 'bale-scale' ? truth.baleCount : truth.cagesWeighed;
        const named = new Set([...recorded, ...missed]);
        expect([...named].toSorted((a, b) => a - b)).toStrictEqual(upTo(count));
      },
    );
  });
});
