/** The units that a technician installs, judged by systemd itself. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, runProcess } from '../../helpers/process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const UNITS = join(ROOT, 'deploy/systemd');

const services = readdirSync(UNITS).filter((name) => name.endsWith('.service'));
const units = [...services, ...readdirSync(UNITS).filter((name) => name.endsWith('.timer'))];

test.each(units)('%s has no fault that systemd-analyze knows', async (unit) => {
  await using folder = temporaryFolder('units');
  for (const name of units) {
    writeFileSync(join(folder.path, name), inThisCheckout(name));
  }
  const verdict = await runProcess('systemd-analyze', ['verify', '--man=no', join(folder.path, unit)], {
    env: { SYSTEMD_UNIT_PATH: `${folder.path}:` },
  });
  expect(verdict.stderr.split('\n').filter((line) => line.includes(unit) || /trame/u.test(line))).toEqual([]);
  expect(verdict.code).toBe(0);
});

test('a fault in a unit would be seen', async () => {
  await using folder = temporaryFolder('units');
  const broken = inThisCheckout('trame-edge.service').replace('Restart=always', 'Restart=often');
  writeFileSync(join(folder.path, 'trame-edge.service'), broken);
  const verdict = await runProcess('systemd-analyze', [
    'verify',
    '--man=no',
    join(folder.path, 'trame-edge.service'),
  ]);
  expect(verdict.stderr).toContain('often');
});

test.each(services)('%s exposes little: at most 2.5 of 10 by the count of systemd', async (unit) => {
  const verdict = await runProcess('systemd-analyze', [
    'security',
    '--offline=true',
    '--threshold=25',
    '--no-pager',
    join(UNITS, unit),
  ]);
  expect(verdict.stdout).toMatch(/Overall exposure level/u);
  expect(verdict.code).toBe(0);
});

test('what the timer starts once a day is a backup that its program understands', async () => {
  await using folder = temporaryFolder('backup');
  const timer = readFileSync(join(UNITS, 'trame-backup.timer'), 'utf8');
  const calendar = /^OnCalendar=(.*)$/mu.exec(timer)?.[1] ?? '';
  const runs = await runProcess('systemd-analyze', ['calendar', '--iterations=2', calendar], {
    env: { TZ: 'UTC' },
  });
  const days = [...runs.stdout.matchAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/gu)].map(([at]) =>
    Date.parse(`${at}Z`),
  );
  expect((days[1] ?? 0) - (days[0] ?? 0)).toBe(86_400_000);
  const start = /^ExecStart=(.*)$/mu.exec(inThisCheckout('trame-backup.service'))?.[1] ?? '';
  const [node = '', ...args] = start
    .replace('/etc/trame/dashboard.yaml', writtenIn(folder.path))
    .replaceAll(/\/var\/(?:lib|backups)\//gu, `${folder.path}/`)
    .split(' ');
  const data = join(folder.path, 'trame-dashboard');
  const make = ['user', 'add', 'ann', '--role', 'operator', '--data', data];
  expect((await runProcess(node, [args[0] ?? '', ...make])).code).toBe(0);
  const backup = await runProcess(node, args);
  expect([backup.code, backup.stderr]).toEqual([0, '']);
  expect(readdirSync(join(folder.path, 'trame'))).toEqual([expect.stringMatching(/^trame-real-/u)]);
});

function writtenIn(folder: string): string {
  const path = join(folder, 'dashboard.yaml');
  writeFileSync(path, 'site: caux-vallee-de-seine\n');
  return path;
}

/** The program lies in this checkout instead of /opt/trame; nothing else is changed. */
function inThisCheckout(unit: string): string {
  return readFileSync(join(UNITS, unit), 'utf8').replaceAll('/opt/trame/', ROOT);
}
