/**
 * The time of a shift, reckoned by hand from what the PLC says on its Modbus port beside Trame, against what the server
 * makes of the ledger: stops, their causes, and the rates of NF E60-182. Training never lowers them.
 */
import type { StopRow, TrsAnswer, TrsRow } from '@trame/protocol/stops/stop-answers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { watchRegisters, type WatchedRegisters } from '../helpers/line-registers.ts';
import { siteControl, startControlledSite, type SiteControl } from '../helpers/site-control.ts';
import type { Site } from '../helpers/site.ts';
import { LINE } from '../helpers/standstill.ts';
import { swiftLine, THROUGHPUT_EVERY_MS } from '../helpers/swift-line.ts';
import { until } from '../helpers/until.ts';
import { setTimeout as sleep } from 'node:timers/promises';

const SEEN_WITHIN_MS = 90_000;
/** What may be between a change at the PLC and its event, ms. */
const PER_CHANGE_MS = 2_000;
/** The line sorts this when nothing slows it, twenty times as fast as a real one. */
const NOMINAL_KG_PER_HOUR = 19_000;
const EXECUTE = 6;
const SCHOOL = 4;
/** What the whole milliseconds of a count that a shift begins in may make. */
const KG = 1;
const RUN_MS = 6_000;
const JAM_MS = 5_000;

type Figures = NonNullable<TrsRow['figures']>;

describe('the time of a line', () => {
  let site: Site;
  let control: SiteControl;
  let supervisor: DashboardClient;
  let witness: WatchedRegisters;
  let keys = 0;
  let shift = '';
  let tippedBeforeKg = 0;

  const post = async (
    path: string,
    body: object,
  ): Promise<{ readonly status: number; readonly id: string }> => {
    const answer = await supervisor.request(`/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `time-of-line-${(keys += 1)}` },
      body: JSON.stringify(body),
    });
    const { id = '' } = (await answer.json()) as { id?: string };
    return { status: answer.status, id };
  };
  const does = async (command: string, args: Readonly<Record<string, unknown>> = {}): Promise<void> => {
    const { body } = await control.ask(supervisor, command, args);
    const { outcome, detail, reasons } = await control.outcome(supervisor, body.id);
    if (outcome !== 'done') throw new Error(`${command}: ${outcome}, ${detail} ${JSON.stringify(reasons)}`);
  };
  const starts = async (): Promise<void> => {
    await does('line.reset');
    await control.enabled(supervisor);
    await does('line.start');
  };
  const figures = async (): Promise<Figures> => {
    const { rows } = (await supervisor.get(`/api/v1/trs?line=${LINE}&by=shift`)) as TrsAnswer;
    const found = rows.find(({ key }) => key === shift)?.figures;
    if (found === undefined || found === null) throw new Error(`no figures: ${JSON.stringify(rows)}`);
    return found;
  };
  /** Once the server has what the PLC says now. */
  const settled = async (): Promise<Figures> => {
    await sleep(PER_CHANGE_MS);
    return figures();
  };

  beforeAll(async () => {
    site = await startControlledSite({
      editLine: swiftLine,
      serverSettings: [`targets: { nominalKgPerHour: ${NOMINAL_KG_PER_HOUR} }`],
    });
    control = siteControl(site);
    supervisor = await site.signInAs('supervisor');
    await control.sees(supervisor, 'the crew has started the line', ({ state }) => state === 'execute');
    await control.ask(supervisor, 'control.take');
    await does('line.stop');
    // What was tipped before the shift is counted before it.
    await sleep(2 * THROUGHPUT_EVERY_MS);
    tippedBeforeKg = (await site.simulation.truth()).inputKg;
    witness = watchRegisters(control.registers);
    const opened = await until(
      'an open shift',
      async () => {
        const answer = await post('/shifts', { team: 'essai', posts: [{ post: 'tables', heads: 6 }] });
        return answer.status === 201 && answer;
      },
      SEEN_WITHIN_MS,
    );
    shift = opened.id;
  }, 240_000);

  afterAll(async () => {
    await witness.end();
    await site[Symbol.asyncDispose]();
  });

  it('is that which its PLC saw, a jam is a stop with the cause that was proposed, and people explain it', async () => {
    await starts();
    await sleep(RUN_MS);
    await until(
      'a cage is tipped',
      async () => (await site.simulation.truth()).inputKg > tippedBeforeKg,
      SEEN_WITHIN_MS,
    );
    await site.simulation.addFault({ kind: 'jam', target: 'belt', durationMs: JAM_MS });
    await control.sees(supervisor, 'the jam', ({ state }) => state === 'held');
    await control.sees(supervisor, 'it is cleared', ({ interlocks, state }) => {
      return state === 'held' && interlocks.every(({ id, forbidding }) => id !== 'infeed-jam' || !forbidding);
    });
    await control.enabled(supervisor);
    await does('line.unhold');
    await sleep(RUN_MS);
    await does('line.stop');

    const { rows } = (await supervisor.get(`/api/v1/stops?line=${LINE}`)) as { rows: readonly StopRow[] };
    const jam = rows.findLast(({ firstAlarm }) => firstAlarm?.alarm === 'infeed-jam');
    expect(jam).toMatchObject({ proposed: 'bourrage', cause: null, kind: 'micro-stop', micro: true });
    expect((await post(`/stops/${jam?.id}/explain`, { cause: 'bourrage', note: 'une sangle' })).status).toBe(
      200,
    );
    const explained = (await supervisor.get(`/api/v1/stops?line=${LINE}`)) as { rows: readonly StopRow[] };
    expect(explained.rows.find(({ id }) => id === jam?.id)).toMatchObject({
      cause: 'bourrage',
      kind: 'operating',
      note: 'une sangle',
    });

    const told = await settled();
    const { forMs: runningMs, changes } = witness.times(({ state }) => state === EXECUTE);
    const tolerance = PER_CHANGE_MS * changes;
    expect(changes).toBeGreaterThanOrEqual(4);
    expect(Math.abs(told.runningMs - runningMs)).toBeLessThanOrEqual(tolerance);
    const stopped = told.stops.reduce((sum, { durationMs }) => sum + durationMs, 0);
    expect(told.runningMs + stopped).toBe(told.requiredMs);
    expect(told.unknownMs).toBe(0);
    expect(told.stops.map(({ kind }) => kind)).toContain('operating');
    const tippedKg = (await site.simulation.truth()).inputKg - tippedBeforeKg;
    expect(tippedKg).toBeGreaterThan(0);
    await until(
      `${tippedKg} kg in the figures`,
      async () => Math.abs((await figures()).inputGrams / 1000 - tippedKg) < KG,
      SEEN_WITHIN_MS,
    );
    // By hand, from what the PLC said and what was sorted: TRS = useful time / required time.
    const netMs = Math.min(told.runningMs, (told.inputGrams / 1000 / NOMINAL_KG_PER_HOUR) * 3_600_000);
    const usefulMs = netMs * (1 - told.refusedGrams / told.inputGrams);
    expect(told.inputGrams).toBeGreaterThan(0);
    expect(told.trs).toBeCloseTo(usefulMs / told.requiredMs, 3);
    expect((told.availability ?? 0) * (told.performance ?? 0) * (told.quality ?? 0)).toBeCloseTo(
      told.trs ?? -1,
      6,
    );
  }, 240_000);

  it('is not made worse by training', async () => {
    const before = await settled();
    await does('line.mode', { mode: 'school' });
    await starts();
    await sleep(RUN_MS);
    await does('line.stop');
    await does('line.mode', { mode: 'production' });
    const after = await settled();
    const { forMs: learntMs, changes } = witness.times(({ mode }) => mode === SCHOOL);
    expect(learntMs).toBeGreaterThan(RUN_MS);
    const training = after.planned.find(({ kind }) => kind === 'training')?.durationMs ?? 0;
    expect(training).toBeGreaterThan(0);
    // What it stood in production mode before and after is a stop like any other; the training is not.
    const stoodMs = after.openMs - before.openMs - learntMs;
    const atMost = (before.requiredMs ?? 0) + stoodMs + (after.netMs ?? 0) - (before.netMs ?? 0);
    expect(after.requiredMs).toBeLessThanOrEqual(atMost + PER_CHANGE_MS * changes);
    const worst = (before.usefulMs ?? 0) / (before.requiredMs + stoodMs + PER_CHANGE_MS * changes);
    expect(after.trs).toBeGreaterThanOrEqual(worst);
  }, 240_000);
});
