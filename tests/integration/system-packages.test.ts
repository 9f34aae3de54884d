/** `npm test` on a machine that lacks what the tests start for real. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, runProcess } from '../helpers/process.ts';

/** Runs `npm test`'s program where these files cannot be executed: a mount namespace of its own. */
function testWithout(...files: readonly string[]) {
  const hide = files.map((file) => `mount --bind /dev/null ${file}`).join(' && ');
  const script = `${hide} && exec "$1" "$2" test`;
  const args = ['--map-root-user', '--mount', 'sh', '-c', script, 'sh'];
  return runProcess('unshare', [...args, process.execPath, join(ROOT, 'deploy/run/main.ts')]);
}

test('where nothing can be installed, one line says what to install, and nothing is left out silently', async () => {
  expect(await testWithout('/usr/bin/mbpoll', '/usr/sbin/mosquitto', '/usr/bin/apt-get')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: 'The tests need Debian packages that are missing: apt-get install mosquitto mbpoll\n',
  });
});
