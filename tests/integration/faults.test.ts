import type { LiveLine } from '@trame/protocol/live-state';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { artefactPath, openChromium, type OpenChromium } from '../helpers/chromium.ts';
import { demoAccount, type DashboardClient } from '../helpers/dashboard-client.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';

const LINE = 'tri-1';
/** What users were promised: data flows again within this time of the device or broker being back. */
const BACK_WITHIN_MS = 10_000;

describe('what breaks is seen as broken, and flows again by itself', () => {
  let site: Site;
  let supervisor: DashboardClient;
  let chromium: OpenChromium;
  let page: Page;

  beforeAll(async () => {
    site = await startSite({ history: 'embedded', speed: 5 });
    supervisor = await site.signInAs('supervisor');
    chromium = await openChromium();
    page = await chromium.browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'fr-FR' });
    await page.goto(site.url);
    const { login, secret } = demoAccount(site.dataDir, 'supervisor');
    await page.getByTestId('sign-in-login').fill(login);
    await page.getByTestId('sign-in-secret').fill(secret);
    await page.getByTestId('sign-in-submit').click();
    await page.getByTestId('station-hopper').waitFor();
  }, 180_000);

  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  const line = async () => (await supervisor.get(`/api/v1/lines/${LINE}`)) as LiveLine;
  const tag = async (device: string, name: string) => (await line()).devices[device]?.tags[name];
  const isGood = async (device: string, name: string) => (await tag(device, name))?.quality === 'good';
  const allGood = () =>
    until(
      'good values of every device',
      async () =>
        (
          await Promise.all([
            isGood('infeed-scale', 'gross'),
            isGood('bale-scale', 'gross'),
            isGood('energy-meter', 'activePower'),
            isGood('plc', 'hopperLevel'),
            isGood('nir', 'seq'),
          ])
        ).every(Boolean),
      30_000,
    );

  afterEach(async () => {
    await allGood();
  });

  it.each([
    ['infeed-scale', 'gross', 'disconnect'],
    ['bale-scale', 'gross', 'freeze'],
    ['energy-meter', 'activePower', 'garbage'],
    ['press', 'state', 'truncate'],
    ['energy-meter', 'activePower', 'wrongUnit'],
    ['plc', 'hopperLevel', 'disconnect'],
    ['plc', 'hopperLevel', 'freezeValues'],
  ] as const)(
    '%s: %s turns bad on «%s», the others stay good, and it comes back',
    async (device, name, kind) => {
      await allGood();
      const fault = await site.simulation.addFault({ kind, target: device });
      await until(`a bad ${device}/${name}`, async () => (await tag(device, name))?.quality === 'bad');
      const other = device === 'infeed-scale' ? 'energy-meter' : 'infeed-scale';
      expect(await isGood(other, other === 'infeed-scale' ? 'gross' : 'activePower')).toBe(true);
      await site.simulation.removeFault(fault);
      await until(`a good ${device}/${name}`, () => isGood(device, name), BACK_WITHIN_MS);
    },
  );

  it('NaN in a register is bad and has no number; the register beside it stays good', async () => {
    const fault = await site.simulation.addFault({ kind: 'nan', target: 'infeed-scale', field: 'net' });
    const bad = await until('a bad net weight', async () => {
      const net = await tag('infeed-scale', 'net');
      return net?.quality === 'bad' && net;
    });
    expect(bad.reason).toBe('not-a-value');
    expect(await isGood('infeed-scale', 'gross')).toBe(true);
    await site.simulation.removeFault(fault);
    await until('a good net weight', () => isGood('infeed-scale', 'net'), BACK_WITHIN_MS);
  });

  it('a dead device is hatched on the page, with its reason', async () => {
    const fault = await site.simulation.addFault({ kind: 'disconnect', target: 'plc' });
    const hopper = page.getByTestId('station-hopper');
    await page.locator('[data-testid="station-hopper"][data-quality="bad"]').waitFor({ timeout: 15_000 });
    expect(await hopper.getAttribute('data-reason')).toBe('device-offline');
    await page.screenshot({ path: artefactPath('fault-plc-away.png') });
    await site.simulation.removeFault(fault);
    await page
      .locator('[data-testid="station-hopper"][data-quality="good"]')
      .waitFor({ timeout: BACK_WITHIN_MS });
  });

  it('the broker is killed: the line is told lost, and flows again when it is back', async () => {
    await site.broker.kill();
    await until('a line offline', async () => (await line()).state === 'offline');
    expect(await isGood('plc', 'hopperLevel')).toBe(false);
    await page.locator('[data-testid="station-hopper"]:not([data-quality="good"])').waitFor();
    await page.screenshot({ path: artefactPath('fault-broker-away.png') });
    await site.broker.start();
    await until('a line online', async () => (await line()).state === 'online', BACK_WITHIN_MS);
    await until('good values', () => isGood('plc', 'hopperLevel'), BACK_WITHIN_MS);
  });

  it('the edge is killed: its will turns the line offline, and a new edge goes on counting', async () => {
    const before = Number((await tag('line', 'output.total'))?.value);
    await site.edge.kill();
    await until('a line offline', async () => (await line()).state === 'offline');
    site.edge.start();
    await until('a line online', async () => (await line()).state === 'online', 30_000);
    await until(
      'a total that went on',
      async () => Number((await tag('line', 'output.total'))?.value) > before,
      30_000,
    );
  });

  it('the server is killed: the page says the link is lost and hatches all, then lives again', async () => {
    await site.server.kill();
    await page.getByTestId('link-banner').waitFor({ timeout: 40_000 });
    expect(await page.locator('[data-testid="station-hopper"]').getAttribute('data-quality')).not.toBe(
      'good',
    );
    await page.screenshot({ path: artefactPath('fault-server-away.png') });
    site.server.start();
    await page.locator('[data-testid="station-hopper"][data-quality="good"]').waitFor({ timeout: 40_000 });
    await page.getByTestId('link-banner').waitFor({ state: 'detached' });
  });
});
