/** A day that is worked with fingers alone, at the two kiosks of a hall of hands and of a hall of machines. */
import { AxeBuilder } from '@axe-core/playwright';
import type { BalanceAnswer, BaleRow, LotRow } from '@trame/protocol/material/material-answers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artefactPath, openChromium, type OpenChromium } from '../helpers/chromium.ts';
import { kioskPage, type KioskPage } from '../helpers/kiosk-page.ts';
import { grams } from '../helpers/ledger-books.ts';
import { materialActs, weighingOf, type MaterialActs, type WeighingRow } from '../helpers/material-acts.ts';
import { COLLECTOR, declarePartners } from '../helpers/material-day.ts';
import { handsOf, PLATFORM, type Hands } from '../helpers/material-hands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';

/** What was promised: a known collector with one container. */
const TOUCHES_MAX = 8;
const SECONDS_MAX = 60;
const SEEN_MS = 60_000;
const MADE_MS = 90_000;
const REFUSED_KG = 5;
/** Speeds of the machines: until a bale comes, and while it is logged. */
const FAST = 15;
const SLOW = 0.2;

/** The kiosk shows the scale in this state. @returns grams shown; 0: none. */
async function shown({ page }: KioskPage, state: string): Promise<number> {
  const badge = page.locator(`[data-testid="kiosk-scale"][data-state="${state}"]`);
  await badge.waitFor({ timeout: SEEN_MS });
  return Number(await badge.getAttribute('data-value'));
}

function nothingWaits({ page }: KioskPage): Promise<true> {
  const waiting = page.getByTestId('outbox-waiting');
  return until('that nothing waits', async () => (await waiting.getAttribute('data-value')) === '0', SEEN_MS);
}

/** The big confirmation says that it is saved; then it makes room by itself. */
async function confirmed({ page }: KioskPage): Promise<void> {
  await page.getByTestId('confirm').waitFor();
  await page.getByTestId('confirm').waitFor({ state: 'detached' });
}

async function faults({ page }: KioskPage): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
}

describe('a hall of hands, by touch', () => {
  let site: Site;
  let hands: Hands;
  let acts: MaterialActs;
  let chromium: OpenChromium;
  let reception: KioskPage;
  let press: KioskPage;

  beforeAll(async () => {
    site = await startSite({
      history: 'embedded',
      profile: 'manual',
      speed: 10,
      simulatorArgs: ['--crew-within', '3600'],
    });
    hands = handsOf(site.ports.sim);
    acts = materialActs(await site.signInAs('supervisor'));
    await declarePartners(acts);
    const truck = await until('a truck', async () => (await hands.view()).deliveries[0], MADE_MS);
    for (const { id, kind, tareKg } of truck.containers.slice(0, 2)) {
      await acts.act('/containers', { container: id, kind, tareGrams: grams(tareKg) });
    }
    chromium = await openChromium();
    reception = await kioskPage(chromium, site, { path: '/borne/reception' });
    press = await kioskPage(chromium, site, { path: '/borne/balle' });
  }, 240_000);

  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  const lots = () => acts.rows<LotRow>('/lots');
  const bales = () => acts.rows<BaleRow>('/bales');
  const onTruck = async (index: number) => {
    const found = (await hands.view()).deliveries[0]?.containers[index];
    if (found === undefined) throw new Error('the truck is empty');
    return found;
  };

  it(`receives a known collector with one container in at most ${TOUCHES_MAX} touches`, async () => {
    const container = await onTruck(0);
    await hands.carry('put-on-scale', { what: container.id });
    const gross = await shown(reception, 'stable');
    const before = reception.touches();
    const startedMs = performance.now();
    await reception.touch(`collector-${COLLECTOR}`);
    await reception.touch(`container-${container.id}`);
    await reception.touch('weigh');
    await reception.touch('receive');
    await confirmed(reception);
    expect(reception.touches() - before).toBeLessThanOrEqual(TOUCHES_MAX);
    expect((performance.now() - startedMs) / 1_000).toBeLessThan(SECONDS_MAX);
    await nothingWaits(reception);
    const [lot] = await lots();
    expect(lot).toMatchObject({ collector: COLLECTOR, receivedGrams: gross - grams(container.tareKg) });
    await hands.carry('take-off', { to: 'in' });
    await shown(reception, 'empty');
  });

  it('receives bags of nobody, wet, and refuses a part of them with its reason', async () => {
    const container = await onTruck(0);
    await hands.carry('put-on-scale', { what: container.id });
    const gross = await shown(reception, 'stable');
    await reception.page.getByText('Origine inconnue').first().tap();
    await reception.touch(`container-${container.id}`);
    await reception.touch('weigh');
    await reception.touch('step-details');
    await reception.touch('condition-wet');
    await reception.touch('refuse-part');
    await reception.touch('reason-wet');
    await reception.type(String(REFUSED_KG));
    expect(await faults(reception)).toEqual([]);
    await reception.page.screenshot({ path: artefactPath('borne-reception-details.png') });
    await reception.touch('receive');
    await confirmed(reception);
    await nothingWaits(reception);
    const [lot] = await lots();
    expect(lot).toMatchObject({
      collector: null,
      condition: 'wet',
      refusedGrams: REFUSED_KG * 1_000,
      receivedGrams: gross - grams(container.tareKg) - REFUSED_KG * 1_000,
    });
    await hands.carry('take-off', { to: 'in' });
    await shown(press, 'empty');
  });

  it('logs a bale in two touches, and takes it back in two', async () => {
    const output = await hands.finished();
    await hands.carry('put-on-scale', { what: output.id });
    const gross = await shown(press, 'stable');
    const before = press.touches();
    await press.touch(`tile-${output.outlet}`);
    await press.touch('validate');
    expect(press.touches() - before).toBe(2);
    await confirmed(press);
    await nothingWaits(press);
    expect((await bales())[0]).toMatchObject({ outlet: output.outlet, grossGrams: gross, status: 'stock' });
    await press.touch('void');
    await press.touch('void-yes');
    await nothingWaits(press);
    await until('a void', async () => (await bales())[0]?.status === 'voided', SEEN_MS);
    await hands.carry('take-off', { to: 'in' });
    await shown(press, 'empty');
  });

  it('counts a bale while the scale has no link, and weighs it when it has one', async () => {
    const output = await hands.finished();
    const fault = await site.simulation.addFault({ kind: 'disconnect', target: PLATFORM });
    await shown(press, 'unlinked');
    await press.touch(`tile-${output.outlet}`);
    await press.touch('without-weight');
    await confirmed(press);
    await nothingWaits(press);
    const [waiting] = await bales();
    expect(waiting).toMatchObject({ outlet: output.outlet, status: 'to-weigh', netGrams: null });
    await site.simulation.removeFault(fault);
    await shown(press, 'empty');
    await hands.carry('put-on-scale', { what: output.id });
    const gross = await shown(press, 'stable');
    await press.touch(`waiting-${waiting?.number}`);
    await press.touch('validate');
    await confirmed(press);
    await nothingWaits(press);
    expect((await bales())[0]).toMatchObject({ id: waiting?.id, grossGrams: gross, status: 'stock' });
    expect(await faults(press)).toEqual([]);
    await press.page.screenshot({ path: artefactPath('borne-balle-journee.png') });
    await hands.carry('take-off', { to: 'in' });
  });

  it('has in its book what the scale of the hall showed', async () => {
    const truth = await site.simulation.truth();
    const weighed = truth.bales.map(({ outlet, indicatedKg }) => [outlet, grams(indicatedKg)]);
    const logged = (await bales()).map(({ outlet, grossGrams }) => [outlet, grossGrams]);
    expect(logged.toReversed()).toEqual(weighed);
    const { total } = await acts.read<BalanceAnswer>('/balance?by=day');
    const received = (await lots()).reduce(
      (sum, lot) => sum + (lot.receivedGrams ?? 0) + lot.refusedGrams,
      0,
    );
    expect(total).toMatchObject({ inGrams: received, refusedGrams: REFUSED_KG * 1_000 });
  });
});

describe('a hall of machines, by touch', () => {
  let site: Site;
  let hands: Hands;
  let acts: MaterialActs;
  let chromium: OpenChromium;

  beforeAll(async () => {
    site = await startSite({
      history: 'embedded',
      profile: 'automatic',
      speed: FAST,
      simulatorArgs: ['--no-incidents'],
    });
    hands = handsOf(site.ports.sim);
    acts = materialActs(await site.signInAs('supervisor'));
    await declarePartners(acts);
    chromium = await openChromium();
  }, 240_000);

  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  async function onScale() {
    const scale = (await hands.view()).scales.find(({ id }) => id === 'bale-scale');
    return scale?.what == null || scale.stored === null ? null : scale;
  }

  it('receives a delivery whose ticket comes late in three touches', async () => {
    const reception = await kioskPage(chromium, site, { path: '/borne/reception' });
    await reception.page.getByTestId(`collector-${COLLECTOR}`).waitFor();
    await reception.touch(`collector-${COLLECTOR}`);
    await reception.touch('later');
    await reception.touch('receive');
    await confirmed(reception);
    await nothingWaits(reception);
    expect(reception.touches()).toBe(3);
    const [lot] = await acts.rows<LotRow>('/lots');
    expect(lot).toMatchObject({ collector: COLLECTOR, status: 'waiting-weight', receivedGrams: null });
    await reception.page.close();
  });

  it('logs a bale in two touches while it stands on the scale', async () => {
    const press = await kioskPage(chromium, site, { path: '/borne/balle' });
    await press.page.getByTestId('tile-creme').waitFor();
    await until(
      'a bale on the scale',
      async () => {
        if ((await onScale()) === null) return false;
        // Nobody has so much time in life: it stands there for half a minute.
        await site.simulation.setSpeed(SLOW);
        if ((await onScale()) !== null) return true;
        await site.simulation.setSpeed(FAST);
        return false;
      },
      MADE_MS,
    );
    const gross = await until(
      'its weight at the kiosk',
      async () => {
        const shows = await shown(press, 'stable');
        return shows === grams((await onScale())?.grossKg ?? 0) && shows;
      },
      SEEN_MS,
    );
    const bale = (await site.simulation.truth()).bales.at(-1);
    if (bale === undefined) throw new Error('no bale was made');
    expect(gross).toBe(grams(bale.indicatedKg));
    // The hand is slower than the ledger.
    await weighingOf(acts, 'bale-scale', bale.alibi);
    await press.touch(`tile-${bale.outlet}`);
    await press.touch('validate');
    await confirmed(press);
    await nothingWaits(press);
    expect(press.touches()).toBe(2);
    const [logged] = await acts.rows<BaleRow>('/bales');
    expect(logged).toMatchObject({ outlet: bale.outlet, grossGrams: gross, status: 'stock' });
    // The weighing is its own, whether the kiosk named it or the server found it by the figure.
    const claimed = await acts.rows<WeighingRow>('/weighings?scale=bale-scale&unclaimed=false');
    expect(claimed.map(({ netGrams, number }) => [netGrams, number])).toEqual([[gross, bale.alibi]]);
    expect(await faults(press)).toEqual([]);
  });
});
