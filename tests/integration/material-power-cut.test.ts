/** The power goes in the middle of a bale: everything is killed at once, and what was on its way is there once. */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type { BalanceAnswer, BaleRow, RestartAnswer } from '@trame/protocol/material/material-answers';
import { isMaterialType } from '@trame/protocol/material/material-payloads';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artefactPath, openChromium, type OpenChromium } from '../helpers/chromium.ts';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { kioskPage } from '../helpers/kiosk-page.ts';
import { materialActs, type MaterialActs } from '../helpers/material-acts.ts';
import { exportLedger, verifyLedger } from '../helpers/site-commands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';

const LINE = 'tables-1';
const PRESS = 'presse-1';
const IN_FLIGHT = 8;
const BACK_MS = 90_000;
const LOADED_GRAMS = 2_000_000;

type Question = NonNullable<RestartAnswer['restart']>;

interface Asked {
  readonly key: string;
  readonly body: { readonly outlet: string; readonly weight: object };
  /** Null: the power went before it was answered. */
  answer: ActAnswer | null;
}

describe('a power cut in the middle of a bale', () => {
  let site: Site;
  let supervisor: DashboardClient;
  let acts: MaterialActs;
  let chromium: OpenChromium;
  let pressed: string;
  let started: string;
  let asked: readonly Asked[];
  let question: Question;

  beforeAll(async () => {
    site = await startSite({
      history: 'embedded',
      profile: 'manual',
      simulatorArgs: ['--crew-within', '3600'],
    });
    chromium = await openChromium();
    supervisor = await site.signInAs('supervisor');
    acts = materialActs(supervisor);
    const lot = {
      collector: null,
      skimming: 'original',
      legalStatus: 'waste',
      condition: 'dry',
      family: 'mixed-tlc',
      loads: [{ weight: { how: 'typed', netGrams: LOADED_GRAMS } }],
    };
    const { id } = await acts.act('/lots', lot);
    await acts.act(`/lines/${LINE}/load`, { from: [`lot:${id}`] });
    ({ id: pressed } = await acts.act('/bales', { press: PRESS, outlet: 'csr', stage: 'started' }));
    await acts.act(`/bales/${pressed}/press`, {});
    ({ id: started } = await acts.act('/bales', { press: PRESS, outlet: 'effilochage', stage: 'started' }));

    asked = Array.from({ length: IN_FLIGHT }, (_none, index) => ({
      key: randomUUID(),
      body: { outlet: 'polymere', weight: { how: 'typed', netGrams: 90_000 + index } },
      answer: null,
    }));
    await cutInFlight(site, acts, asked);
    await restore(site);
  }, 240_000);

  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  const bales = () => acts.rows<BaleRow>('/bales');
  const asks = async () => (await acts.read<RestartAnswer>(`/lines/${LINE}/restart`)).restart;

  it('was cut while acts were on their way', () => {
    expect(asked.some(({ answer }) => answer === null)).toBe(true);
  });

  it('keeps what had been answered, and the bale that is in the press', async () => {
    const rows = await bales();
    expect(rows.find(({ id }) => id === pressed)).toMatchObject({ status: 'pressed', press: PRESS });
    expect(rows.find(({ id }) => id === started)).toMatchObject({ status: 'started', press: PRESS });
    const answered = asked.flatMap(({ answer }) => answer?.id ?? []);
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(answered));
  });

  it('has each bale once when all of them are asked again under their keys', async () => {
    for (const one of asked) {
      const again = await acts.act('/bales', one.body, one.key);
      expect(again).toMatchObject(one.answer === null ? {} : { id: one.answer.id, replayed: true });
    }
    const nets = (await bales()).flatMap(({ netGrams }) => netGrams ?? []);
    expect(nets.toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: IN_FLIGHT }, (_none, index) => 90_000 + index),
    );
    const ledger = (await exportLedger(site)).filter(({ type }) => isMaterialType(type));
    const made = ledger.filter(({ type }) => type === 'output.started');
    expect(made).toHaveLength(2 + IN_FLIGHT);
    expect(ledger.filter(({ type }) => type === 'output.weighed')).toHaveLength(IN_FLIGHT);
    expect((await verifyLedger(site)).firstBroken).toBeNull();
    const { total } = await acts.read<BalanceAnswer>('/balance?by=day');
    expect(total).toMatchObject({ inGrams: LOADED_GRAMS, residualGrams: 0, stockChangeGrams: LOADED_GRAMS });
  });

  it('asks what only people know: the bale in the press, the bins, since when', async () => {
    question = await until('a question', asks, BACK_MS);
    expect(question.line).toBe(LINE);
    expect(question.startedAt).toBeGreaterThan(question.lastAliveAt ?? 0);
    expect(question.presses).toHaveLength(1);
    expect(question.presses[0]).toMatchObject({ press: PRESS });
    // Latest first: the one that was begun last is the one that is in there.
    expect(question.presses[0]?.outputs.map(({ id }) => id)).toEqual([started, pressed]);
    expect(question.bins.map(({ outlet }) => outlet)).toContain('csr');
  });

  it('asks it on the page too, where it is answered by touch, once', async () => {
    const { page, touch } = await kioskPage(chromium, site, { path: '/borne/balle' });
    await page.getByTestId('restart-banner').waitFor({ timeout: BACK_MS });
    await page.screenshot({ path: artefactPath('redemarrage-bandeau.png') });
    await touch('restart-answer');
    const number = Number(started.slice(1));
    await touch(`press-${PRESS}-${number}`);
    for (const { outlet } of question.bins) await touch(`bin-${outlet}-half`);
    await touch('restart-send');
    // Nothing is sent until everything is answered.
    expect(await page.getByTestId('restart-failure').textContent()).not.toBe('');
    await touch('clock-right');
    await page.screenshot({ path: artefactPath('redemarrage-question.png'), fullPage: true });
    await touch('restart-send');
    await until('an answer that is recorded', async () => (await asks()) === null, BACK_MS);
    const again = { boot: question.boot, presses: [], bins: [], clockRight: true };
    expect(await acts.refusal(`/lines/${LINE}/restart`, again)).toMatchObject({
      status: 409,
      code: 'already-done',
    });
    const answers = (await exportLedger(site)).filter(({ type }) => type === 'restart.answered');
    expect(answers).toHaveLength(1);
  });

  it('goes on with the bale that was in the press', async () => {
    await acts.act(`/bales/${started}/weigh`, { weight: { how: 'typed', netGrams: 120_000 } });
    await acts.act(`/bales/${pressed}/weigh`, { weight: { how: 'typed', netGrams: 130_000 } });
    const rows = await bales();
    expect(rows).toHaveLength(2 + IN_FLIGHT);
    expect(rows.every(({ status }) => status === 'stock')).toBe(true);
  });
});

/** Asks all at once, and cuts the power as soon as the first is answered. */
async function cutInFlight(site: Site, { act }: MaterialActs, asked: readonly Asked[]): Promise<void> {
  const outcomes = asked.map(async (one) => {
    one.answer = await act('/bales', one.body, one.key);
  });
  await Promise.race(outcomes);
  await Promise.all([site.edge.kill(), site.server.kill(), site.broker.kill(), site.simulators.kill()]);
  await Promise.allSettled(outcomes);
}

async function restore(site: Site): Promise<void> {
  await site.broker.start();
  site.simulators.start();
  site.server.start();
  site.edge.start();
  await until(
    'live data again',
    async () => {
      const health = (await (await fetch(`${site.url}/healthz`)).json()) as { readonly live: boolean };
      return health.live;
    },
    BACK_MS,
  );
}
