/** What a scanner reads from a picture, and pictures of what is printed. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { runProcess } from './process.ts';

/** Reads every symbol of a picture with `zbarimg`: one line each, sorted. */
export async function scanPicture(file: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await runProcess('zbarimg', ['--raw', '--quiet', file]);
  // 4: the picture was read and held no symbol.
  if (code !== 0 && code !== 4) throw new Error(`zbarimg ended with ${code}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

/** Draws each page of a PDF as it would be printed, in grey. @returns the files, in the order of the pages. */
export async function pdfPictures(file: string, folder: string, dpi: number): Promise<readonly string[]> {
  const drawn = await runProcess('pdftoppm', [
    '-r',
    String(dpi),
    '-gray',
    '-png',
    file,
    join(folder, 'page'),
  ]);
  if (drawn.code !== 0) throw new Error(`pdftoppm ended with ${drawn.code}: ${drawn.stderr}`);
  return readdirSync(folder)
    .filter((name) => name.startsWith('page-'))
    .sort()
    .map((name) => join(folder, name));
}

/** The words of a PDF, as somebody who selects them gets them. */
export async function pdfText(file: string): Promise<string> {
  const { code, stdout, stderr } = await runProcess('pdftotext', ['-layout', file, '-']);
  if (code !== 0) throw new Error(`pdftotext ended with ${code}: ${stderr}`);
  return stdout.replaceAll('\u00A0', ' ');
}

/** Draws an SVG in Chromium, twice as fine as a screen, and tells which of its texts leave it. */
export async function svgPicture(browser: Browser, svg: string, file: string): Promise<readonly string[]> {
  const page = await browser.newPage({ deviceScaleFactor: 2, viewport: { width: 500, height: 700 } });
  try {
    await page.setContent(`<!doctype html><style>body{margin:0}</style>${svg}`);
    const label = page.locator('svg');
    await label.screenshot({ path: file });
    return await label.evaluate((element) => {
      const edge = element.getBoundingClientRect();
      return [...element.querySelectorAll('text')]
        .filter((text) => {
          const box = text.getBoundingClientRect();
          return box.left < edge.left || box.right > edge.right || box.bottom > edge.bottom;
        })
        .map((text) => text.textContent ?? '');
    });
  } finally {
    await page.close();
  }
}
