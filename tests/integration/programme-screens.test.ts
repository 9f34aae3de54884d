/** Sort programmes and the decision aid in a browser, on a real site whose line sorts by spectra. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChromium, type OpenChromium } from '../helpers/chromium.ts';
import { deskPage, type DeskPage } from '../helpers/desk-page.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';

const SEEN_MS = 30_000;
const LINE = 'tri-1';
/** Rule of the example that leads to fuel what was read and is of no use elsewhere. */
const FUEL_RULE = 'csr';
/** Smallest side of a key for gloves, px at the 96 dots per inch that CSS reckons: 25 mm. */
const KEY_PX = (25 / 25.4) * 96;
/** Whether the browser would ask whoever leaves the page now. */
const ASKS_BEFORE_LEAVING = `!window.dispatchEvent(new Event('beforeunload', { cancelable: true }))`;
const KIOSK = { viewport: { width: 1024, height: 600 } };

function seen(what: string, condition: () => Promise<boolean>): Promise<boolean> {
  return until(what, condition, SEEN_MS);
}

function thresholdOf({ page }: DeskPage, name: string): Locator {
  return page.getByTestId(`threshold-${name}`).getByTestId('threshold-value');
}

describe('the screens of sort programmes', () => {
  let site: Site;
  let chromium: OpenChromium;
  let desk: DeskPage;

  beforeAll(async () => {
    site = await startSite({
      history: 'embedded',
      profile: 'automatic',
      sorts: true,
      serverSettings: ['sortProgrammes:', '  approvals: 2'],
    });
    chromium = await openChromium();
    desk = await deskPage(chromium, site, { role: 'supervisor', path: '/programmes' });
  }, 240_000);

  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  const text = (testId: string) => desk.page.getByTestId(testId).first().innerText();

  it('offers examples, labelled as such, and reads them as a table', async () => {
    const { page } = desk;
    await desk.open('/programmes', 'begin-tables-de-tri');
    await page.getByTestId(`line-${LINE}`).waitFor();
    expect(await desk.look('programmes-liste')).toEqual([]);
    await desk.open('/programmes/+?exemple=ligne-automatique', 'decision-table');
    expect(await text('decision-table')).toMatch(/polyester : au moins 85/u);
    expect(await text('decision-table')).toContain("Avec l'erreur habituelle de 3 points, il faut donc");
    expect(await text('threshold-table')).toContain('Hypothèse');
    expect(await text('programme-head')).toContain('Exemple à copier');
    expect(await desk.look('programmes-tableau')).toEqual([]);
  });

  it('makes a programme of an example, says what is wrong beside the rule, and saves it', async () => {
    const { page } = desk;
    await desk.open('/programmes', 'begin-ligne-automatique');
    await page.getByTestId('begin-ligne-automatique').click();
    await page.getByTestId('programme-label').fill('Ligne 1');
    await seen('checked', async () => (await page.getByTestId('count-note').count()) === 1);
    expect(await page.getByTestId('count-error').count()).toBe(0);
    expect(await desk.look('programmes-editeur')).toEqual([]);

    const threshold = page.getByTestId('threshold-polymere-pur').getByTestId('threshold-value');
    await threshold.fill('quatre-vingts');
    await seen('the figure is not one', async () => (await page.getByTestId('count-error').count()) === 1);
    expect(await text('threshold-polymere-pur')).toContain("n'est pas un nombre");
    await threshold.fill('120');
    const rule = page.getByTestId('rule-polymere-polyester');
    await seen('the rule says so', async () =>
      (await rule.innerText()).includes('hors de ce qui peut arriver'),
    );
    expect(await page.getByTestId('save-programme').isDisabled()).toBe(true);
    await rule.getByTestId('rule-open').click();
    expect(await desk.look('programmes-erreur')).toEqual([]);
    await threshold.fill('90');
    await seen('mended', async () => (await page.getByTestId('count-error').count()) === 0);
    await page.getByTestId('version-note').fill('Première version');
    await page.getByTestId('save-programme').click();
    await page.getByTestId('programme-told').waitFor();
    expect(await text('programme-told')).toContain('Version 1 enregistrée');
    expect(page.url()).toBe(`${site.url}/programmes/ligne-1`);
    await page.getByTestId('decision-table').waitFor();
  });

  it('adds a rule from lists, moves it, edits a threshold, and tells the difference in words', async () => {
    const { page } = desk;
    await desk.open('/programmes/ligne-1?vue=editeur', 'add-rule');
    await page.getByTestId('add-rule').click();
    await page.getByTestId('rule-label').fill('Rideaux en polyester');
    await page.getByTestId('rule-outlet').selectOption('polymere');
    await page.getByTestId('add-condition').selectOption('category');
    await page.getByTestId('test-category').getByLabel('rideaux').check();
    await page.getByTestId('add-condition').selectOption('fibre.polyester');
    await page.getByTestId('test-fibre.polyester').getByTestId('test-atLeast').selectOption({ index: 4 });
    await page.getByTestId('test-fibre.polyester').getByTestId('test-guard').fill('1,5');
    const added = page.locator('li:has([data-testid=rule-label])');
    await added.getByTestId('rule-up').click();
    await added.getByTestId('rule-up').click();
    await page.getByTestId('threshold-humide').getByTestId('threshold-value').fill('14,5');
    await seen(
      'checked',
      async () => (await page.getByTestId('check-summary').getAttribute('data-state')) === 'told',
    );
    expect(await desk.look('programmes-regle')).toEqual([]);
    // Another view, and back: nothing of it is lost.
    await page.getByTestId('view-tableau').click();
    await page.getByTestId('has-draft').waitFor();
    await page.getByTestId('view-editeur').click();
    await page.getByTestId('version-note').fill('Rideaux à part');
    await page.getByTestId('save-programme').click();
    await page.getByTestId('programme-told').waitFor();
    expect(await text('programme-told')).toContain('Version 2 enregistrée');
    await page.getByTestId('view-differences').click();
    await page.getByTestId('diff-rows').waitFor();
    const told = await text('diff-rows');
    expect(told).toMatch(/Nouvelle règle « Rideaux en polyester » .*→ Polymère/u);
    expect(told).toMatch(/« humide » passe de 15 à 14,5/u);
    expect(await desk.look('programmes-differences')).toEqual([]);
    await page.getByTestId('view-versions').click();
    await page.locator('[data-version="1"]').waitFor();
    expect(await text('version-rows')).toContain('Rideaux à part');
    expect(await desk.look('programmes-versions')).toEqual([]);
  });

  it('tries what the editor holds on the pieces of today', async () => {
    const { page } = desk;
    await desk.open('/programmes/ligne-1?vue=editeur', 'add-rule');
    await page.getByTestId(`rule-${FUEL_RULE}`).getByTestId('rule-open').click();
    await page.getByTestId('rule-outlet').selectOption('polymere');
    await page.getByTestId('view-essai').click();
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris' }).format(Date.now());
    await page.getByTestId('dry-run-day').fill(today);
    await until(
      'pieces to try it on',
      async () => {
        await page.getByTestId('dry-run-try').click();
        await page.getByTestId('dry-run-outcome').locator('.loading').waitFor({ state: 'detached' });
        return (await page.getByTestId('flow-rows').count()) === 1;
      },
      90_000,
    );
    expect(await text('dry-run-percent')).toMatch(/^[\d,]+\s% des pièces changeraient de débouché$/u);
    expect(await text('dry-run-percent')).not.toMatch(/^0\s%/u);
    expect(await text('flow-rows')).toMatch(/CSR\s+Polymère\s+\d+\s+lecture : /u);
    expect(await text('idle-rules')).toMatch(/\d+ règles? n'aurai(?:en)?t rien pris/u);
    expect(await desk.look('programmes-essai')).toEqual([]);
    await page.getByTestId('view-editeur').click();
    await page.getByTestId('drop-draft').click();
    await page.getByTestId('drop-draft').waitFor({ state: 'detached' });
  });

  it('has a line follow it once another account agrees', async () => {
    const { page } = desk;
    await desk.open('/programmes/ligne-1', `activate-${LINE}`);
    await page.getByTestId(`activate-${LINE}`).click();
    await page.getByTestId('act-submit').click();
    await page.getByTestId('act-form').waitFor({ state: 'detached' });
    await seen('it waits', async () => (await text(`activation-${LINE}`)).includes('un autre compte doit'));
    expect(await page.getByTestId(`agree-${LINE}`).count()).toBe(0);
    const other = await deskPage(chromium, site, { role: 'administrator', path: '/programmes' });
    await other.page.getByTestId(`agree-${LINE}`).waitFor();
    expect(await other.look('programmes-accord')).toEqual([]);
    await other.page.getByTestId(`agree-${LINE}`).click();
    await other.page.getByTestId('act-submit').click();
    await other.page.getByTestId('act-form').waitFor({ state: 'detached' });
    await seen(
      'it is approved or followed',
      async () => !(await other.page.getByTestId(`line-${LINE}`).innerText()).includes('Attend un accord'),
    );
    expect(await other.page.getByTestId(`line-${LINE}`).innerText()).toContain('version 2');
    expect(other.errors).toEqual([]);
  });

  it('keeps what is not saved while another screen is looked at, and asks before the page is left', async () => {
    const { page } = desk;
    await desk.open('/programmes/ligne-1?vue=editeur', 'add-rule');
    const wet = page.getByTestId('threshold-humide').getByTestId('threshold-value');
    await wet.fill('13');
    await page.getByTestId('sorting-pieces').click();
    await page.getByTestId('piece-rows').waitFor();
    expect(await page.evaluate<boolean>(ASKS_BEFORE_LEAVING)).toBe(true);
    await page.getByTestId('sorting-programmes').click();
    const row = page.locator('[data-programme="ligne-1"]');
    await row.getByText('modifié, pas enregistré').waitFor();
    await row.getByRole('link').first().click();
    await page.getByTestId('has-draft').getByRole('link').click();
    expect(await wet.inputValue()).toBe('13');
    await page.getByTestId('drop-draft').click();
    expect(await wet.inputValue()).toBe('14,5');
    expect(await page.evaluate<boolean>(ASKS_BEFORE_LEAVING)).toBe(false);
  });

  it('saves over a version of another only knowingly, once what that one changes was shown', async () => {
    const { page } = desk;
    const other = await deskPage(chromium, site, {
      role: 'administrator',
      path: '/programmes/ligne-1?vue=editeur',
    });
    const saveWet = async (percent: string) => {
      await other.open('/programmes/ligne-1?vue=editeur', 'add-rule');
      await thresholdOf(other, 'humide').fill(percent);
      await other.page.getByTestId('save-programme').click();
      await other.page.getByTestId('programme-told').waitFor();
    };
    /** Asked at once: the page does not know of the other version, the server does. */
    const saveTooLate = async () => {
      await page.getByTestId('save-programme').click();
      await page.getByTestId('overtaken').waitFor();
      await page.getByTestId('overtaken').getByTestId('diff-rows').waitFor();
      expect(await page.getByTestId('save-programme').isDisabled()).toBe(true);
    };
    await desk.open('/programmes/ligne-1?vue=editeur', 'add-rule');
    await thresholdOf(desk, 'fibre-dominante').fill('70');
    await saveWet('12');
    await saveTooLate();
    expect(await text('overtaken')).toContain('La version 3 a été enregistrée');
    expect(await text('overtaken')).toMatch(/« humide » passe de 14,5 à 12/u);
    expect(await desk.look('programmes-entre-temps')).toEqual([]);
    await page.getByTestId('begin-again').click();
    await page.getByTestId('overtaken').waitFor({ state: 'detached' });
    await seen('the last version', async () => (await thresholdOf(desk, 'humide').inputValue()) === '12');
    expect(await thresholdOf(desk, 'fibre-dominante').inputValue()).not.toBe('70');

    await thresholdOf(desk, 'fibre-dominante').fill('71');
    await saveWet('11');
    await saveTooLate();
    await page.getByTestId('go-on').click();
    await page.getByTestId('save-programme').click();
    await page.getByTestId('programme-told').waitFor();
    expect(await text('programme-told')).toContain('Version 5 enregistrée');
    await page.getByTestId('view-differences').click();
    await page.getByTestId('diff-rows').waitFor();
    expect(await text('diff-rows')).toMatch(/« humide » passe de 11 à 12/u);
    expect(other.errors).toEqual([]);
  });

  it('saves a new programme of a taken title under a name of its own, and says so before', async () => {
    const { page } = desk;
    await desk.open('/programmes/+?vue=editeur', 'add-rule');
    await page.getByTestId('programme-label').fill('Lignè 1');
    await page.getByTestId('save-programme').click();
    await page.getByTestId('name-taken').waitFor();
    expect(await text('name-taken')).toMatch(/«\sligne-1-2\s»/u);
    expect(await desk.look('programmes-nom-pris')).toEqual([]);
    await page.getByTestId('save-programme').click();
    await page.getByTestId('programme-told').waitFor();
    expect(page.url()).toBe(`${site.url}/programmes/ligne-1-2`);
    expect(await text('programme-told')).toContain('Version 1 enregistrée');
    await desk.open('/programmes/ligne-1', 'decision-table');
    expect(await text('programme-head')).toContain('version 5');
  });

  it('says of a programme that is not there that it is not, and offers nothing of it', async () => {
    const { page } = desk;
    await desk.open('/programmes/jamais-vu', 'sorting-programmes');
    await page.getByText("n'existe pas ici").waitFor();
    expect(await page.getByTestId('view-editeur').count()).toBe(0);
    expect(await page.title()).toContain('jamais-vu');
  });

  it('says of a piece in the hand where it goes, and why', async () => {
    const kiosk = await deskPage(chromium, site, { role: 'supervisor', path: '/aide-au-tri', device: KIOSK });
    const { page } = kiosk;
    await page.getByTestId('aid-result').waitFor();
    for (const step of ['grade', 'colour', 'category', 'disruptors', 'label']) {
      await page.getByTestId(`step-${step}`).click();
      expect([step, await kiosk.look(`aide-${step}`)]).toEqual([step, []]);
      const small = await page.evaluate<readonly string[]>(
        `[...document.querySelectorAll('main button')].flatMap((key) => {
          const { width, height, top, bottom } = key.getBoundingClientRect();
          const isWhole = top >= 0 && bottom <= innerHeight && key.scrollWidth <= key.clientWidth;
          return Math.min(width, height) >= ${KEY_PX - 1} && isWhole ? [] : [key.textContent + ' ' + width + '×' + height];
        })`,
      );
      expect([step, small]).toEqual([step, []]);
    }
    await page.getByTestId('step-grade').click();
    await page.getByTestId('say-creme').click();
    expect(await page.getByTestId('aid-result').getAttribute('data-outlet')).toBe('creme');
    await page.getByTestId('aid-why').click();
    expect(await page.locator('[data-testid=aid-rules] .decided').innerText()).toContain('Crème');
    expect(await page.locator('[data-testid=aid-rules] .decided').isVisible()).toBe(true);
    expect(await kiosk.look('aide-pourquoi')).toEqual([]);
    await page.getByTestId('aid-next').click();
    await page.getByTestId('step-label').click();
    await page.getByTestId('fibre-polyester').click();
    await page.getByTestId('fibre-cotton').click();
    for (const key of ['4', '0']) await page.getByTestId(`key-${key}`).click();
    expect(await kiosk.look('aide-part')).toEqual([]);
    const bottom = await page.getByTestId('share-ok').boundingBox();
    expect((bottom?.y ?? 0) + (bottom?.height ?? 0)).toBeLessThanOrEqual(KIOSK.viewport.height);
    await page.getByTestId('share-ok').click();
    expect(await page.getByTestId('label-sum').innerText()).toMatch(/polyester 60\s% · coton 40\s%/u);
    expect(kiosk.errors).toEqual([]);
  });

  it('keeps the answer off the keys on a phone', async () => {
    const phone = await deskPage(chromium, site, {
      role: 'supervisor',
      path: '/aide-au-tri',
      device: { viewport: { width: 390, height: 844 } },
    });
    await phone.page.getByTestId('aid-result').waitFor();
    expect(await phone.look('aide-telephone')).toEqual([]);
    const result = await phone.page.getByTestId('aid-result').boundingBox();
    const bottoms = await phone.page.evaluate<readonly number[]>(
      `[...document.querySelectorAll('.asked button')].map((key) => key.getBoundingClientRect().bottom)`,
    );
    expect(bottoms.length).toBeGreaterThan(5);
    expect(Math.max(...bottoms)).toBeLessThanOrEqual(result?.y ?? 0);
    expect(phone.errors).toEqual([]);
  });

  it('lets somebody learn: the answer first, then the reason', async () => {
    const kiosk = await deskPage(chromium, site, { role: 'supervisor', path: '/aide-au-tri', device: KIOSK });
    const { page } = kiosk;
    await page.getByTestId('aid-training').click();
    await page.getByTestId('step-grade').click();
    await page.getByTestId('say-creme').click();
    expect(await page.getByTestId('aid-result').getAttribute('data-outlet')).toBeNull();
    await page.getByTestId('aid-answer').click();
    await page.getByTestId('guess-reemploi').click();
    expect(await page.getByTestId('aid-judged').innerText()).toContain('dit autrement');
    await page.getByTestId('guess-creme').click();
    expect(await page.getByTestId('aid-judged').innerText()).toContain("C'est juste");
    expect(await kiosk.look('aide-apprendre')).toEqual([]);
    expect(desk.errors).toEqual([]);
  });
});
