/** Labels as scanners read them, and as printers get them: drawn, looked at by `zbarimg`, and sent over raw TCP. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rollOf } from '@trame/dashboard-server/labels/preprinted-label';
import { RawPrinter, type PrintJob } from '@trame/dashboard-server/labels/raw-printer';
import { renderLabel } from '@trame/dashboard-server/labels/render-label';
import { renderRoll, renderSheets } from '@trame/dashboard-server/labels/render-pages';
import { outputAddress, readScan, ssccAddress } from '@trame/protocol/scanned-code';
import { parseSscc } from '@trame/protocol/sscc';
import { expect, test } from 'vitest';
import { openChromium } from '../helpers/chromium.ts';
import { pdfPictures, pdfText, scanPicture, svgPicture } from '../helpers/scan.ts';
import { simulatedPrinter } from '../helpers/simulated-printer.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { until } from '../helpers/until.ts';

type Facts = Parameters<typeof renderLabel>[0];

const OWN = 'https://trame.example.org';
/** A common office and label printer: what can be read at this resolution can be read from paper. */
const PRINTER_DPI = 203;

function sscc(digits: string) {
  const code = parseSscc(digits);
  if (code === null) throw new Error(`no SSCC: ${digits}`);
  return code;
}

const bale: Facts = {
  number: 1042,
  unit: 'bale',
  pieces: null,
  pairs: null,
  outlet: { name: 'Effilochage', pictogram: 'spool', pattern: 'cross' },
  weight: { kind: 'weighed', netGrams: 248_500, grossGrams: 250_000, packagingGrams: 1_500, how: 'scale' },
  packedAtMs: Date.UTC(2026, 10, 22, 12, 6),
  timeZone: 'Europe/Paris',
  siteName: 'Ressourcerie du Haut-Rhin',
  lineName: 'Ligne 1',
  sscc: { code: sscc('376130321109103420'), prefix: 'licensed' },
  qrContent: outputAddress(OWN, '0193e8a2-7c1b-7f00-8a2e-0d4c3b2a1f00'),
  reprint: false,
  demo: false,
  voided: false,
};

const marked = { reprint: true, demo: true, voided: true } as const;
const labels: readonly (readonly [string, Facts])[] = [
  ['a bale', bale],
  [
    'a sack with every mark',
    {
      ...bale,
      ...marked,
      unit: 'sack',
      number: 123_456,
      pairs: 120,
      outlet: { name: 'Réemploi & chaussures de très bonne qualité', pictogram: 'shirt', pattern: 'dots' },
      weight: {
        kind: 'weighed',
        netGrams: 12_345_678,
        grossGrams: 12_400_000,
        packagingGrams: 54_322,
        how: 'typed',
      },
      sscc: { code: sscc('157035381410375177'), prefix: 'demo' },
    },
  ],
  [
    'an output that was not weighed',
    {
      ...bale,
      weight: { kind: 'to-weigh' },
      sscc: { code: sscc('080020080000012346'), prefix: 'licensed' },
    },
  ],
  ['a bale without SSCC', { ...bale, sscc: null, qrContent: outputAddress(OWN, 'B1042') }],
];

/** What a scanner finds on a label, and what Trame makes of it. */
function expectedScans({ sscc, qrContent }: Facts): readonly string[] {
  return [...(sscc === null ? [] : [`00${sscc.code}`]), qrContent].sort();
}

test.each(labels)(
  '%s, as SVG in a browser, is read back: bars, QR, and no text runs off',
  async (_, facts) => {
    await using folder = temporaryFolder('label');
    await using chromium = await openChromium();
    const { body } = await renderLabel(facts, 'svg');
    const file = join(folder.path, 'label.png');
    expect(await svgPicture(chromium.browser, String(body), file)).toEqual([]);
    const scans = await scanPicture(file);
    expect(scans).toEqual(expectedScans(facts));
    expect(scans.map((text) => readScan(text, [OWN]).kind)).not.toContain('foreign');
  },
);

test.each(labels)(
  '%s, as PDF at the resolution of a printer, is read back and keeps its words',
  async (_, facts) => {
    await using folder = temporaryFolder('label');
    const file = join(folder.path, 'label.pdf');
    writeFileSync(file, (await renderLabel(facts, 'pdf')).body);
    const pages = await pdfPictures(file, folder.path, PRINTER_DPI);
    expect(pages).toHaveLength(1);
    expect(await scanPicture(pages[0] ?? '')).toEqual(expectedScans(facts));
    const words = await pdfText(file);
    expect(words).toContain(`n° ${facts.number}`);
    expect(words.includes('RÉIMPRESSION')).toBe(facts.reprint);
    expect(words.includes('DÉMO')).toBe(facts.demo);
  },
);

test('every label of a pre-printed roll is read back, each with its own code', async () => {
  await using folder = temporaryFolder('roll');
  const gs1 = { prefix: '3761303', extension: 3 };
  const roll = rollOf({ firstSerial: 211_091_034, count: 5, gs1, ownDomain: OWN });
  if (roll.kind !== 'roll') throw new Error(roll.kind);
  const file = join(folder.path, 'roll.pdf');
  const look = { siteName: 'Ressourcerie du Haut-Rhin', demo: true, prefixIsDemo: true };
  writeFileSync(file, (await renderRoll(roll.labels, look, 'pdf', 0)).body);
  const pages = await pdfPictures(file, folder.path, PRINTER_DPI);
  const scans = await Promise.all(pages.map(scanPicture));
  expect(scans).toEqual(roll.labels.map(({ code }) => [`00${code}`, ssccAddress(OWN, sscc(code))].sort()));
});

test('a fallback sheet prints its numbers, outlets and no name', async () => {
  await using folder = temporaryFolder('sheet');
  const file = join(folder.path, 'sheet.pdf');
  const outlets = ['Crème', 'Réemploi', 'Effilochage'].map(
    (name) => ({ name, pictogram: 'gem', pattern: 'lines' }) as const,
  );
  const request = { siteName: 'Colmar', pressName: null, outlets, firstSheet: 12, sheets: 2, demo: false };
  writeFileSync(file, (await renderSheets(request, 0)).body);
  expect(await pdfPictures(file, folder.path, 50)).toHaveLength(2);
  const words = await pdfText(file);
  for (const text of [
    'n° 12',
    'n° 13',
    '12-01',
    '13-15',
    'Crème',
    'Réemploi',
    'Effilochage',
    'Poids brut kg',
  ])
    expect(words).toContain(text);
});

const clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
};
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const limits = { connectMs: 1_000, writeMs: 500, closeMs: 500 };

test('a label arrives at the printer as it was drawn; without paper it waits, and comes as a reprint', async () => {
  await using folder = temporaryFolder('printer');
  await using simulated = await simulatedPrinter(folder.path);
  const printer = new RawPrinter({
    id: 'presse',
    label: 'Presse',
    target: { host: '127.0.0.1', port: simulated.printerPort },
    clock,
    log: silent,
    limits,
  });
  const [first, again] = await Promise.all([
    renderLabel(bale, 'zpl'),
    renderLabel({ ...bale, reprint: true }, 'zpl'),
  ]);
  const job = (id: string): PrintJob => ({
    id,
    reprint: false,
    zpl: (reprint) => String(reprint ? again.body : first.body),
  });
  try {
    expect(printer.submit(job('b1'))).toEqual({ kind: 'queued', ahead: 0 });
    await until('the first label', async () => (await simulated.jobs()).length === 1);
    expect((await simulated.jobs())[0]?.text).toBe(first.body);
    const fault = await simulated.control.addFault({ kind: 'paperOut', target: 'label-printer' });
    printer.submit(job('b2'));
    await until('the printer to be found without paper', () => printer.state().lastFailure !== null);
    expect(printer.state()).toMatchObject({ state: 'retrying', waiting: 1, printed: 1 });
    await simulated.control.removeFault(fault);
    await until('the second label', () => printer.state().printed === 2);
    // What the printer had taken in before it ran out comes out too: the copy after it says that it is one.
    expect((await simulated.jobs()).at(-1)?.text).toBe(again.body);
    expect(printer.state()).toMatchObject({ state: 'idle', waiting: 0, lastFailure: null });
  } finally {
    await printer.stop();
  }
});
