/** A press of the line of machines gives out a bale: the kiosk knows its outlet, and one touch logs it with its weight. */
import type { BaleProposals } from '@trame/protocol/control/control-answers';
import type { BaleRow } from '@trame/protocol/material/material-answers';
import { expect, it } from 'vitest';
import { artefactPath, openChromium } from '../helpers/chromium.ts';
import { kioskPage } from '../helpers/kiosk-page.ts';
import { materialActs, type MaterialActs } from '../helpers/material-acts.ts';
import { startSite } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';

const PRESS = 'presse-1';
const SCALE = 'bale-scale';
/** Until a bin is full and a bale is pressed; slow enough that each phase of the press is read. */
const FAST = 20;
/** What rolls off the scale some seconds after it was stored stays there for as long as somebody looks. */
const SLOW = 0.1;
const MADE_MS = 60_000;
const SEEN_MS = 10_000;

it('a bale that the press gave out is logged by VALIDER alone, with the weighing that stands on the scale', async () => {
  await using site = await startSite({
    history: 'embedded',
    profile: 'automatic',
    simulatorArgs: ['--no-incidents', '--crew-within', '1'],
  });
  await using chromium = await openChromium();
  const acts = materialActs(await site.signInAs('operator'));
  const kiosk = await kioskPage(chromium, site, { path: '/borne/balle' });
  const { page } = kiosk;

  // The scale finds no rest: the bale stays on it, and waits for its weight.
  const fault = await site.simulation.addFault({ kind: 'scaleUnstable', target: SCALE });
  await site.simulation.setSpeed(FAST);
  const given = await until(
    'the press gives out a bale',
    async () => (await proposals(acts)).at(-1),
    MADE_MS,
  );
  await site.simulation.setSpeed(1);
  const tile = page.locator(`[data-testid="tile-${given.outlet}"][aria-pressed="true"]`);
  await tile.getByTestId('from-press').waitFor({ timeout: SEEN_MS });
  expect(await tile.textContent()).toContain('Sort de la presse');
  await page.locator('[data-testid="kiosk-scale"][data-state="moving"]').waitFor({ timeout: SEEN_MS });
  expect(await acts.rows<BaleRow>('/bales')).toEqual([]);

  await site.simulation.removeFault(fault);
  await until('the scale has stored it', async () => (await site.simulation.truth()).bales.length > 0);
  await site.simulation.setSpeed(SLOW);
  const weighing = await until('its weighing', async () => {
    const row = (await proposals(acts)).find(({ id }) => id === given.id);
    return row?.weighing;
  });
  // The kiosk is told of it while the hand is still on its way.
  await page.waitForResponse(
    async (answer) =>
      answer.url().includes('/bales/proposals') && (await answer.text()).includes(weighing.id),
    { timeout: SEEN_MS },
  );
  const badge = page.locator('[data-testid="kiosk-scale"][data-state="stable"]');
  await badge.waitFor({ timeout: SEEN_MS });
  expect(Number(await badge.getAttribute('data-value'))).toBe(weighing.grossGrams);
  await page.locator('[data-testid="validate"][data-pending="false"]').waitFor({ timeout: SEEN_MS });
  await page.screenshot({ path: artefactPath('borne-balle-sort-de-la-presse.png') });
  await page.setViewportSize({ width: 1024, height: 600 });
  await tile.getByTestId('from-press').waitFor({ timeout: SEEN_MS });
  await page.screenshot({ path: artefactPath('borne-balle-sort-de-la-presse-1024x600.png') });

  // A scan that comes in pieces ends with an Enter, and so does the wired button: only the button logs.
  await page.keyboard.type('3761', { delay: 100 });
  await page.keyboard.press('Enter');
  await page.getByTestId('kiosk-message').filter({ hasText: 'mal lue' }).waitFor({ timeout: SEEN_MS });
  expect(await page.getByTestId('confirm').count()).toBe(0);

  const before = kiosk.touches();
  const asked = page.waitForRequest(
    (request) => request.method() === 'POST' && request.url().endsWith('/api/v1/bales'),
  );
  await kiosk.touch('validate');
  expect(kiosk.touches() - before).toBe(1);
  expect((await asked).postDataJSON()).toMatchObject({
    outlet: given.outlet,
    press: PRESS,
    proposal: given.id,
    weight: { how: 'scale', weighing: weighing.id },
  });
  await until('it is no longer proposed', async () =>
    (await proposals(acts)).every(({ id }) => id !== given.id),
  );
  const [bale] = await acts.rows<BaleRow>('/bales');
  expect(bale).toMatchObject({
    outlet: given.outlet,
    grossGrams: weighing.grossGrams,
    weightHow: 'scale',
    status: 'stock',
  });
  // Logged: it stands selected no more, and the same load is not logged again.
  await tile.waitFor({ state: 'detached', timeout: SEEN_MS });
  await kiosk.touch('validate');
  expect(await page.getByTestId('kiosk-message').textContent()).toContain("Touchez d'abord");
  expect(await acts.rows<BaleRow>('/bales')).toHaveLength(1);
}, 120_000);

const proposals = async (acts: MaterialActs) =>
  (await acts.read<BaleProposals>(`/bales/proposals?press=${PRESS}`)).rows;
