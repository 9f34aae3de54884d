import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestLedgers } from '../ledger/test-line-ledger.ts';
import { openEdgeState } from '../state/edge-state.ts';

const MAIN = new URL('../main.ts', import.meta.url).pathname;

let dir = '';
let ledgers: TestLedgers;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'trame-cli-'));
  ledgers = new TestLedgers(dir);
  const ledger = ledgers.open();
  await ledger.append(Array.from({ length: 9 }, (_, index) => ledgers.record(`d${index}`)));
  ledger.saveCursor('trame', { epoch: ledger.head.epoch, upTo: 6, hash: ledger.hashOf(6) });
  writeFileSync(join(dir, 'line.yaml'), 'site: caux\nline: tri-1\ndevices: []\n');
});
afterEach(() => {
  ledgers.close();
  rmSync(dir, { recursive: true, force: true });
});

async function ledger(...args: readonly string[]) {
  const words = [MAIN, 'ledger', ...args, '--data', dir];
  const run = promisify(execFile)(process.execPath, words, { cwd: dir });
  const { stdout, stderr, code } = await run.then(
    (said) => ({ ...said, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
  return { out: stdout, err: stderr, code };
}

/** Breaks event 4, as somebody with an editor would. */
function breakEvent(): void {
  const db = new DatabaseSync(ledgers.file);
  db.exec(`UPDATE events SET payload = '{}' WHERE position = 4`);
  db.close();
}

describe('trame-edge ledger verify', () => {
  it('says intact beside a line that runs, for people and for programs', async () => {
    const [text, data] = await Promise.all([ledger('verify'), ledger('verify', '--json')]);
    expect(text).toEqual({
      code: 0,
      err: '',
      out: 'intact: 10 events of 1 line, each follows from the one before\n',
    });
    expect([data.code, JSON.parse(data.out)]).toEqual([0, { events: 10, lines: 1, firstBroken: null }]);
  });

  it('names the first broken event and fails', async () => {
    breakEvent();
    const [text, data] = await Promise.all([ledger('verify'), ledger('verify', '--json')]);
    expect([text.code, data.code]).toEqual([1, 1]);
    expect(text.out).toMatch(
      /^broken: line tri-1, event 4, epoch [0-9a-f]{32}, its payload .*\n3 events before/u,
    );
    expect(JSON.parse(data.out)).toEqual({
      events: 3,
      lines: 1,
      firstBroken: {
        line: 'tri-1',
        epoch: expect.stringMatching(/^[0-9a-f]{32}$/u) as string,
        seq: 4,
        reason: 'its payload is not the one that was recorded',
      },
    });
  });

  it('fails where there is no ledger', async () => {
    ledgers.close();
    rmSync(ledgers.file);
    const missing = await ledger('verify', '--json');
    expect([missing.code, missing.out]).toEqual([1, '']);
    expect(missing.err).toMatch(/^There is no ledger: .*ledger\.sqlite does not exist\n$/u);
  });
});

describe('trame-edge ledger export', () => {
  it('writes each event on a line, to the output or to a file that is whole or not there', async () => {
    const file = join(dir, 'events.jsonl');
    const [text, part, toFile] = await Promise.all([
      ledger('export'),
      ledger('export', '--from', '9'),
      ledger('export', '--out', file),
    ]);
    expect([text.code, part.code, toFile]).toEqual([0, 0, { code: 0, out: '', err: '' }]);
    expect(readFileSync(file, 'utf8')).toBe(text.out);
    const lines = text.out.trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(part.out.trimEnd().split('\n')).toEqual(lines.slice(8));
  });

  it('leaves no file when an event is broken, and what was there stays', async () => {
    const file = join(dir, 'events.jsonl');
    writeFileSync(file, 'from yesterday\n');
    breakEvent();
    const [toFile, text] = await Promise.all([ledger('export', '--out', file), ledger('export')]);
    expect([toFile.code, text.code]).toEqual([1, 1]);
    expect(toFile.err).toMatch(/^nothing was written: line tri-1, event 4, /u);
    expect(text.err).toMatch(/^the export ends here: line tri-1, event 4, /u);
    expect(text.out.trimEnd().split('\n')).toHaveLength(3);
    expect(readFileSync(file, 'utf8')).toBe('from yesterday\n');
    expect(readdirSync(dir).filter((name) => name.includes('part'))).toEqual([]);
  });

  it('ends quietly when nobody wants to read on', async () => {
    ledgers.close();
    await ledgers.open().append(Array.from({ length: 3000 }, () => ledgers.record('plc')));
    const command = `"${process.execPath}" "${MAIN}" ledger export --data "${dir}" | head -n 1; exit "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', command]);
    expect([stdout.split('\n').length, stderr]).toEqual([2, '']);
  });
});

describe('trame-edge ledger reopen', () => {
  it('says what it would do, does it when told to, and takes nothing twice', async () => {
    ledgers.close();
    const before = readFileSync(ledgers.file);
    const asked = await ledger('reopen');
    expect([asked.code, asked.err]).toEqual([0, '']);
    expect(asked.out).toMatch(
      /ends with event 10\ntrame: has stored up to event 6 .*\na new epoch would begin, with 4 /u,
    );
    expect(readFileSync(ledgers.file).equals(before)).toBe(true);
    const done = await ledger('reopen', '--yes', '--json');
    expect([done.code, JSON.parse(done.out)]).toMatchObject([
      0,
      { done: true, carried: 4, head: { seq: 5 } },
    ]);
    expect(ledgers.open().head).toEqual((JSON.parse(done.out) as { head: object }).head);
    expect((await ledger('verify')).out).toContain('intact: 15 events');
  });

  it('leaves a running line alone, and another line’s ledger', async () => {
    const running = openEdgeState(dir, 1);
    if (running.kind !== 'open') throw new Error(running.message);
    const locked = await ledger('reopen', '--yes');
    running.state.close();
    expect([locked.code, locked.err]).toEqual([
      1,
      `Another edge is running on the data directory ${dir}: stop it first\n`,
    ]);
    ledgers.close();
    writeFileSync(join(dir, 'line.yaml'), 'site: caux\nline: tri-2\ndevices: []\n');
    const other = await ledger('reopen', '--yes');
    expect([other.code, other.err]).toEqual([
      1,
      expect.stringContaining('belongs to line «tri-1»') as string,
    ]);
    writeFileSync(join(dir, 'line.yaml'), 'site: caux\n');
    expect((await ledger('reopen', '--yes')).code).toBe(2);
    expect(ledgers.open().head.seq).toBe(10);
  });
});
