/** What is shipped, built here and looked at: weight, colours, and nothing that the content policy forbids. */
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it, vi } from 'vitest';

const FIRST_LOAD_LIMIT_BYTES = 150 * 1024;

type Output = Rolldown.RolldownOutput['output'];
let output: Output;

function text(ending: string): string {
  return output
    .filter((file) => file.fileName.endsWith(ending))
    .map((file) => (file.type === 'chunk' ? file.code : String(file.source)))
    .join('\n');
}

function chunks(): Rolldown.OutputChunk[] {
  return output.filter((file) => file.type === 'chunk');
}

function chunkOf(name: RegExp): Rolldown.OutputChunk {
  const found = chunks().find(({ fileName }) => name.test(fileName));
  if (found === undefined) throw new Error(`no chunk ${String(name)}`);
  return found;
}

function entry(): Rolldown.OutputChunk {
  const found = chunks().find(({ isEntry }) => isEntry);
  if (found === undefined) throw new Error('no entry');
  return found;
}

/** Names of these chunks and of all that the browser has to fetch with them. */
function staticFiles(from: readonly Rolldown.OutputChunk[]): Set<string> {
  const names = new Set<string>();
  const queue = from.map(({ fileName }) => fileName);
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (names.has(name)) continue;
    names.add(name);
    queue.push(...(chunks().find(({ fileName }) => fileName === name)?.imports ?? []));
  }
  return names;
}

/** Bytes on the wire of these chunks and of what comes with them. */
function weightOf(from: readonly Rolldown.OutputChunk[]): number {
  const names = staticFiles(from);
  return chunks()
    .filter(({ fileName }) => names.has(fileName))
    .reduce((sum, { code }) => sum + gzipSync(code).byteLength, 0);
}

beforeAll(async () => {
  // As it is shipped: libraries bring their checks for development along where a test runs.
  vi.stubEnv('NODE_ENV', 'production');
  const built = await build({
    configFile: new URL('../vite.config.ts', import.meta.url).pathname,
    logLevel: 'error',
    build: { write: false },
  });
  if (Array.isArray(built) || !('output' in built)) throw new Error('the build gave no single output');
  output = built.output;
  vi.unstubAllEnvs();
});

describe('the built page', () => {
  it('weighs little at first load, the chart included', () => {
    const bytes = weightOf([entry(), chunkOf(/^assets\/uPlot/u)]);
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_LIMIT_BYTES);
  });

  it('fetches other screens when they are opened, and no kiosk weighs more than the first load', () => {
    const words = chunkOf(/^assets\/fr-kiosk/u);
    for (const screen of [/BaleKioskScreen/u, /ReceptionScreen/u, /PaperScreen/u, /RestartScreen/u]) {
      const opened = chunkOf(screen);
      expect(staticFiles([entry()]).has(opened.fileName)).toBe(false);
      expect(weightOf([entry(), opened, words])).toBeLessThanOrEqual(FIRST_LOAD_LIMIT_BYTES);
    }
  });

  it('keeps light-dark() as written, so that the switch of the page works against the system', () => {
    expect(text('.css')).toMatch(/--bg:\s*light-dark\(#e4e8e9,\s*#141b1e\)/u);
  });

  it('has no inline script, no inline style and nothing from elsewhere', () => {
    const html = text('.html');
    expect(html).toMatch(/<script type="module"[^>]* src="\/assets\//u);
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/u);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//u);
    expect(text('.css')).not.toMatch(/url\((?!["']?\/assets\/)/u);
  });

  it('names its files by their content', () => {
    const loaded = output.filter((file) => file.fileName.startsWith('assets/'));
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.filter((file) => !/-[\w-]{8,}\.\w+$/u.test(file.fileName))).toEqual([]);
  });

  it('carries no template with a style attribute', () => {
    expect(text('.js')).not.toMatch(/<[a-z][^<>`]*\sstyle="/u);
  });
});
