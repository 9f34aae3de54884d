import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runProcess } from './process.ts';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

/** A copy of this checkout as it stands, with what is not committed yet and without anything installed or built. */
export async function copyCheckout(): Promise<TemporaryFolder> {
  const folder = temporaryFolder('checkout');
  const { stdout } = await runProcess('git', [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
  ]);
  const files = stdout.split('\0').filter((file) => file !== '' && existsSync(join(ROOT, file)));
  for (const file of files) cpSync(join(ROOT, file), join(folder.path, file));
  return folder;
}
