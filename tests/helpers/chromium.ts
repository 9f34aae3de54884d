/** The system's Chromium, driven by a test. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { ROOT } from './process.ts';

const EXECUTABLE = '/usr/bin/chromium';
/** No sandbox: CI runs as root in a container. The rest keeps the browser from calling home. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface OpenChromium extends AsyncDisposable {
  readonly browser: Browser;
}

export async function openChromium(): Promise<OpenChromium> {
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS, headless: true });
  return { browser, [Symbol.asyncDispose]: () => browser.close() };
}

/** Where a test leaves what people may want to look at afterwards. */
export function artefactPath(name: string): string {
  const folder = join(ROOT, 'tests/artefacts');
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}
