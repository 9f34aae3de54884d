/** The edge's ledger on real disks that fill up, refuse, and lose power under it. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT, runProcess, spawnProcess, type SpawnedProcess } from '../helpers/process.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporary-folder.ts';
import { until } from '../helpers/until.ts';

const WRITER = join(ROOT, 'tests/helpers/ledger-writer.ts');
const EDGE = join(ROOT, 'edge/src/main.ts');
/** Records without end, for a writer that is going to be killed. */
const ENDLESS = '1000000';

let folder: TemporaryFolder;
const mounts: string[] = [];
beforeEach(() => {
  folder = temporaryFolder('ledger-disk');
});
afterEach(async () => {
  for (const mount of mounts.splice(0)) spawnSync('umount', ['-l', mount]);
  await folder[Symbol.asyncDispose]();
});

interface Stored {
  readonly device: string;
  readonly seq: number;
}

/** What a writer was told is stored, in order. */
function acknowledged(said: string): readonly Stored[] {
  return [...said.matchAll(/^(?<number>\d+) stored (?<seq>\d+)$/gmu)].map(({ groups }) => ({
    device: `d${groups?.['number']}`,
    seq: Number(groups?.['seq']),
  }));
}

/** What was refused, by code. */
function refusals(said: string): ReadonlySet<string> {
  return new Set(
    [...said.matchAll(/^\d+ (?<code>[a-z]+-[a-z-]+)/gmu)].map(({ groups }) => groups?.['code'] ?? ''),
  );
}

async function exported(dataDir: string): Promise<readonly Stored[]> {
  const out = join(folder.path, 'export.jsonl');
  const { code, stderr } = await runProcess('node', [
    EDGE,
    'ledger',
    'export',
    '--data',
    dataDir,
    '--out',
    out,
  ]);
  expect([code, stderr]).toEqual([0, '']);
  return readFileSync(out, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"device.state"'))
    .map((line) => JSON.parse(line) as { seq: number; payload: { device: string } })
    .map(({ seq, payload }) => ({ device: payload.device, seq }));
}

async function expectIntact(dataDir: string): Promise<number> {
  const { code, stdout } = await runProcess('node', [EDGE, 'ledger', 'verify', '--data', dataDir, '--json']);
  const { events, ...rest } = JSON.parse(stdout) as { events: number };
  expect([code, rest]).toEqual([0, { lines: 1, firstBroken: null }]);
  return events;
}

function write(
  dataDir: string,
  records: string,
  group = '1',
  before: readonly string[] = [],
): SpawnedProcess {
  const [command, ...args] = [...before, 'node', WRITER, dataDir, records, group, '1000000'];
  return spawnProcess(command, args);
}

describe('a ledger whose process is killed', () => {
  it('has every event that it acknowledged, and at most the group that was on its way, again and again', async () => {
    let expected: readonly Stored[] = [];
    for (const [round, acks] of [1, 40, 7, 120].entries()) {
      await using writer = write(folder.path, ENDLESS, String(1 + (round % 3) * 4));
      await until('acknowledgements', () => acknowledged(writer.stdout()).length >= acks, 60_000);
      writer.signal('SIGKILL');
      await writer.exited;
      const told = acknowledged(writer.stdout());
      const found = await exported(folder.path);
      expect(found.slice(0, expected.length + told.length)).toEqual([...expected, ...told]);
      // What was committed, and could not be told any more.
      expect(found.length - expected.length - told.length).toBeLessThanOrEqual(9);
      expect(found.map(({ device }) => device)).toEqual(found.map((_, index) => `d${index + 1}`));
      expect(await expectIntact(folder.path)).toBe(found.length + 1);
      expected = found;
    }
  });

  it('was synced once for each commit: what is acknowledged is on the disk, not on its way there', async () => {
    const trace = join(folder.path, 'trace');
    const traced = ['strace', '-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', trace];
    const { stdout } = await runProcess(traced[0] ?? '', [
      ...traced.slice(1),
      'node',
      WRITER,
      folder.path,
      '25',
      '1',
      '0',
    ]);
    expect(acknowledged(stdout)).toHaveLength(25);
    const { stdout: syncs } = await runProcess('grep', ['-c', 'ledger.sqlite-wal>) = 0', trace]);
    expect(Number(syncs)).toBeGreaterThanOrEqual(26);
  });
});

describe('a disk that refuses', () => {
  it.each([
    ['a sync', 'fsync:error=EIO:when=20+7', 'io-error'],
    ['a write', 'pwrite64:error=EIO:when=60+13', 'io-error'],
    ['a write for want of room', 'pwrite64:error=ENOSPC:when=60+13', 'disk-full'],
  ])(
    '%s now and then: told as not stored, tried again, and in the end all is there once and in order',
    async (_what, fault, code) => {
      const traced = [
        'strace',
        '-f',
        '-o',
        '/dev/null',
        '-e',
        `trace=${fault.split(':')[0]}`,
        '-e',
        `inject=${fault}`,
      ];
      const { stdout, code: exit } = await runProcess('strace', [
        ...traced.slice(1),
        'node',
        WRITER,
        folder.path,
        '60',
        '1',
        '0',
      ]);
      expect([exit, refusals(stdout)]).toEqual([0, new Set([code])]);
      const told = acknowledged(stdout);
      expect(told.map(({ device }) => device)).toEqual(
        Array.from({ length: 60 }, (_, index) => `d${index + 1}`),
      );
      expect(await exported(folder.path)).toEqual(told);
      expect(await expectIntact(folder.path)).toBe(61);
    },
  );

  it('every sync from some moment on: nothing is acknowledged any more, and nothing doubles after a kill', async () => {
    const inject = [
      'strace',
      '-f',
      '-o',
      '/dev/null',
      '-e',
      'trace=fsync',
      '-e',
      'inject=fsync:error=EIO:when=30+',
    ];
    await using writer = write(folder.path, ENDLESS, '1', inject);
    await until('refusals', () => writer.stdout().split('io-error').length > 20, 60_000);
    writer.signalGroup('SIGKILL');
    await writer.exited;
    const told = acknowledged(writer.stdout());
    expect(told.length).toBeGreaterThan(5);
    const found = await exported(folder.path);
    expect(found.slice(0, told.length)).toEqual(told);
    // The one that was tried may be there; it is there once, and whoever goes on begins after it.
    expect(found.length - told.length).toBeLessThanOrEqual(1);
    const { stdout } = await runProcess('node', [WRITER, folder.path, '5', '1', '0']);
    expect(acknowledged(stdout)).toHaveLength(5);
    const all = await exported(folder.path);
    expect(all.map(({ device }) => device)).toEqual(all.map((_, index) => `d${index + 1}`));
    await expectIntact(folder.path);
  });
});

/** A small disk, or, where nobody may mount one, files that may not grow. */
function smallDisk(): { readonly dataDir: string; readonly isMounted: boolean } {
  const path = join(folder.path, 'small');
  mkdirSync(path);
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', path]);
  if (status === 0) mounts.push(path);
  return { dataDir: path, isMounted: status === 0 };
}

describe('a disk that is full', () => {
  it('is written to the end of the reserve, then nothing is acknowledged until there is room, and then all of it is', async () => {
    const { dataDir, isMounted } = smallDisk();
    const filler = join(dataDir, 'filler');
    if (isMounted) writeFileSync(filler, Buffer.alloc(8_000_000));
    const limit = ['sh', '-c', `trap '' XFSZ; exec prlimit --fsize=1500000: "$@"`, 'sh'];
    await using writer = write(dataDir, '12000', '40', isMounted ? [] : limit);
    await until('the disk to be full', () => refusals(writer.stdout()).size > 0, 60_000);
    const toldWhenFull = acknowledged(writer.stdout()).length;
    expect(existsSync(join(dataDir, 'ledger.reserve'))).toBe(!isMounted);
    expect(await expectIntact(dataDir)).toBeGreaterThanOrEqual(toldWhenFull + 1);
    if (isMounted) rmSync(filler);
    else spawnSync('prlimit', ['--pid', String(writer.pid), '--fsize=unlimited:']);
    expect((await writer.exited).code).toBe(0);
    const told = acknowledged(writer.stdout());
    expect(refusals(writer.stdout())).toEqual(new Set([isMounted ? 'disk-full' : 'io-error']));
    expect(told).toHaveLength(12_000);
    expect((await exported(dataDir)).toSorted((a, b) => a.seq - b.seq)).toEqual(
      told.toSorted((a, b) => a.seq - b.seq),
    );
    expect(await expectIntact(dataDir)).toBe(12_001);
  });

  it('does not keep a ledger from being opened and verified', async () => {
    const { dataDir, isMounted } = smallDisk();
    await runProcess('node', [WRITER, dataDir, '50', '1', '0']);
    // To the last byte; where nothing is mounted, there is no such disk to fill.
    if (isMounted) spawnSync('dd', ['if=/dev/zero', `of=${join(dataDir, 'filler')}`, 'bs=4096']);
    expect(await expectIntact(dataDir)).toBe(51);
    await using writer = write(dataDir, '5');
    const said = await writer.waitForLine(isMounted ? /disk-full|unusable/u : /stored/u);
    expect(said).toMatch(/^(?:\d+ disk-full|\d+ stored|unusable The ledger .* cannot be opened)/u);
  });
});

describe('a folder that nobody may write', () => {
  it('gives no ledger to a line, in words, and can be verified and exported all the same', async () => {
    await runProcess('node', [WRITER, folder.path, '30', '1', '0']);
    const path = join(folder.path, 'readonly');
    mkdirSync(path);
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', path]);
    copyFileSync(join(folder.path, 'ledger.sqlite'), join(path, 'ledger.sqlite'));
    if (status === 0) mounts.push(path);
    const closing = status === 0 ? ['mount', '-o', 'remount,ro', path] : ['chmod', '-R', 'a-w', path];
    expect(spawnSync(closing[0] ?? '', closing.slice(1)).status).toBe(0);
    // Root may write everywhere; where it may not mount, somebody else tries.
    const isRoot = process.getuid?.() === 0;
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    await using writer = write(path, '1', '1', status !== 0 && isRoot ? nobody : []);
    expect((await writer.exited).code).toBe(1);
    expect(writer.stdout()).toMatch(/^unusable The ledger .* cannot be opened: .*\n$/u);
    expect(await expectIntact(path)).toBe(31);
    expect(await exported(path)).toHaveLength(30);
    if (status !== 0) spawnSync('chmod', ['-R', 'u+w', path]);
  });
});

describe('two processes on one ledger', () => {
  it('never make two ends of it: the first that finds the other’s event closes', async () => {
    await using first = write(folder.path, ENDLESS);
    await until('the first to write', () => acknowledged(first.stdout()).length > 20);
    await using second = write(folder.path, ENDLESS);
    const ended = await Promise.race([first.exited, second.exited]);
    expect(ended.code).toBe(3);
    await expectIntact(folder.path);
    first.signal('SIGKILL');
    second.signal('SIGKILL');
    await Promise.all([first.exited, second.exited]);
    const told = [...acknowledged(first.stdout()), ...acknowledged(second.stdout())];
    const found = await exported(folder.path);
    expect(found).toEqual(expect.arrayContaining([...told]));
    expect(await expectIntact(folder.path)).toBe(found.length + 1);
  });
});
