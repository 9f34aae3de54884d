/** The units that a technician installs, judged by systemd itself. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, runProcess } from '../../helpers/process.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

const UNITS = join(ROOT, 'deploy/systemd');

const units = readdirSync(UNITS).filter((name) => name.endsWith('.service'));

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

test.each(units)('%s exposes little: at most 2.5 of 10 by the count of systemd', async (unit) => {
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

/** The program lies in this checkout instead of /opt/trame; nothing else is changed. */
function inThisCheckout(unit: string): string {
  return readFileSync(join(UNITS, unit), 'utf8').replaceAll('/opt/trame/', ROOT);
}
