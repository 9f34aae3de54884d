import type { TonnageAnswer } from '@trame/protocol/dashboard-api';
import { happenedAtMs, type LedgerEvent } from '@trame/protocol/ledger-event';
import { knownEvent } from '@trame/protocol/ledger-payloads';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { edgeHealth } from '../helpers/edge-health.ts';
import { countedGrams, grams, upTo, weighings } from '../helpers/ledger-books.ts';
import { sendCommand } from '../helpers/line-command.ts';
import type { Truth } from '../helpers/simulation-control.ts';
import { exportLedger, serverCommand, verifyLedger } from '../helpers/site-commands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { everythingArrived, lineHealth, standstill } from '../helpers/standstill.ts';
import { swiftLine, THROUGHPUT_EVERY_MS } from '../helpers/swift-line.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';
import { until } from '../helpers/until.ts';

const HOUR_MS = 3_600_000;
const SEEN_WITHIN_MS = 60_000;
/** Between a look at the clock and the next, and between two machines under load. */
const NEAR_MS = 5_000;

/** @returns a zone in which it is this hour of the day now. */
function zoneAt(hour: number): string {
  const ahead = (hour - new Date().getUTCHours() + 36) % 24;
  // Behind the name of these zones stands how far Greenwich is ahead of them.
  const greenwich = 12 - ahead;
  return `Etc/GMT${greenwich < 0 ? '-' : '+'}${Math.abs(greenwich)}`;
}

function dayIn(timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(new Date());
}

/** Two hours earlier is yesterday. */
const AFTER_MIDNIGHT = zoneAt(0);
/** Three hours later is tomorrow. */
const BEFORE_MIDNIGHT = zoneAt(22);

describe('a line whose clock is set back two hours, and then three hours ahead, while material falls', () => {
  let site: Site;
  let supervisor: DashboardClient;
  let folder: TemporaryFolder;
  let startedMs: number;
  let confirmedSeq: number | null | undefined;
  let truth: Truth;
  let ledger: readonly LedgerEvent[];

  const clockFile = () => join(folder.path, 'clock');
  const clock = async () => (await lineHealth(supervisor)).heartbeat?.said.clock;
  const offsetIsNear = async (offsetMs: number) =>
    Math.abs(((await clock())?.offsetMs ?? 0) - offsetMs) < NEAR_MS;

  /** Waits until so many more events are stored in the server. */
  async function eventsMore(count: number): Promise<void> {
    const { upTo: before } = (await lineHealth(supervisor)).stored;
    await until(
      'more events in the server',
      async () => (await lineHealth(supervisor)).stored.upTo >= before + count,
      SEEN_WITHIN_MS,
    );
  }

  const fell = () => Object.values(truth.outputKg).reduce((total, kg) => total + grams(kg), 0);

  async function gramsByDay() {
    const { rows } = (await supervisor.get('/api/v1/tonnage?by=day&from=2020-01-01')) as TonnageAnswer;
    return rows.map(({ key, t }) => [key, Math.round(t * 1e6)]);
  }

  beforeAll(async () => {
    startedMs = Date.now();
    folder = temporaryFolder('clock');
    writeFileSync(clockFile(), '+0');
    const [library = ''] = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1');
    site = await startSite({
      history: 'embedded',
      speed: 5,
      editLine: swiftLine,
      serverSettings: [`timeZone: ${AFTER_MIDNIGHT}`],
      edgeEnv: {
        LD_PRELOAD: library,
        FAKETIME_TIMESTAMP_FILE: clockFile(),
        FAKETIME_NO_CACHE: '1',
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
      },
    });
    supervisor = await site.signInAs('supervisor');
    await until(
      'a clock that was compared',
      async () => (await clock())?.state === 'checked',
      SEEN_WITHIN_MS,
    );
    await eventsMore(3);
  }, 180_000);

  afterAll(async () => {
    await site[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it('is said to be behind its own ledger until a person confirms it, and records on', async () => {
    writeFileSync(clockFile(), '-2h');
    await until('a clock behind', async () => (await clock())?.state === 'behind', SEEN_WITHIN_MS);
    await until('how far', () => offsetIsNear(2 * HOUR_MS), SEEN_WITHIN_MS);
    expect((await edgeHealth(site)).status).toBe('degraded');
    await eventsMore(3);
    const confirmed = await sendCommand(supervisor, 'the-clock-is-right', 'clock.confirm');
    expect(confirmed).toMatchObject({ status: 200, body: { code: 'done', seq: expect.any(Number) } });
    confirmedSeq = confirmed.body.seq;
    await until('a believed clock', async () => (await clock())?.state === 'checked', SEEN_WITHIN_MS);
    await eventsMore(3);
  });

  it('set ahead it is told how far it is off, and records on', async () => {
    writeFileSync(clockFile(), '+3h');
    await until('how far', () => offsetIsNear(-3 * HOUR_MS), SEEN_WITHIN_MS);
    expect((await clock())?.state).toBe('checked');
    await eventsMore(3);
  });

  describe('and afterwards', () => {
    beforeAll(async () => {
      truth = await standstill(site);
      await everythingArrived(supervisor, THROUGHPUT_EVERY_MS);
      ledger = await exportLedger(site);
    }, 180_000);

    it('the chain is whole, and both steps are in it', async () => {
      expect(await verifyLedger(site)).toStrictEqual({ events: ledger.length, lines: 1, firstBroken: null });
      const steps = ledger.flatMap((event) => {
        const known = knownEvent(event);
        return known?.type === 'clock.stepped' ? [known.payload.byMs] : [];
      });
      expect(steps.map((byMs) => Math.round(byMs / HOUR_MS))).toStrictEqual([-2, 5]);
    });

    it('what was recorded between the step and the confirmation says that the clock was behind, and nothing else', () => {
      const stepped = ledger.findIndex(({ type }) => type === 'clock.stepped');
      const confirmed = ledger.findIndex(({ type }) => type === 'clock.confirmed');
      expect(ledger[confirmed]?.seq).toBe(confirmedSeq);
      const behind = ledger.flatMap(({ clock: { state } }, index) => (state === 'behind' ? [index] : []));
      const between = Array.from({ length: confirmed - stepped + 1 }, (_, index) => stepped + index);
      expect(behind).toStrictEqual(between);
    });

    it('everything is dated when it happened, by the best clock known', () => {
      const strange = ledger.filter((event) => {
        const atMs = happenedAtMs(event);
        return atMs < startedMs - NEAR_MS || atMs > Date.now() + NEAR_MS;
      });
      expect(strange).toStrictEqual([]);
    });

    it('what was counted is what fell, to the gram, and every weighing is there once', () => {
      const counted = countedGrams(ledger);
      for (const [outlet, kg] of Object.entries(truth.outputKg)) {
        expect([outlet, counted.get(`outlet.${outlet}`) ?? 0]).toStrictEqual([outlet, grams(kg)]);
      }
      expect(counted.get('input')).toBe(grams(truth.inputKg));
      expect(weighings(ledger, 'infeed-scale').numbers).toStrictEqual(upTo(truth.cagesWeighed));
      expect(weighings(ledger, 'bale-scale').numbers).toStrictEqual(upTo(truth.baleCount));
    });

    it('all of it counts today, though by the clock of the line some of it fell yesterday', async () => {
      expect(await gramsByDay()).toStrictEqual([[dayIn(AFTER_MIDNIGHT), fell()]]);
    });

    it('all of it counts today where some of it fell tomorrow by that clock', async () => {
      await site.server.process().stop();
      const settings = readFileSync(site.serverFile, 'utf8');
      writeFileSync(site.serverFile, settings.replace(AFTER_MIDNIGHT, BEFORE_MIDNIGHT));
      const rebuilt = await serverCommand(site, 'rebuild');
      expect([rebuilt.code, rebuilt.stderr]).toStrictEqual([0, '']);
      site.server.start();
      supervisor = await until('a server that answers', () => site.signInAs('supervisor'), SEEN_WITHIN_MS);
      expect(await gramsByDay()).toStrictEqual([[dayIn(BEFORE_MIDNIGHT), fell()]]);
    });
  });
});
