/**
 * The floors: import rules (`.dependency-cruiser.cjs`) and text rules on the whole repository, and the canary that
 * proves that they are looking. Exit codes: 0 kept, 1 broken or not looking.
 */
import { fileURLToPath } from 'node:url';
import { unseenCanaries } from './canary.ts';
import { findBreaches } from './find-breaches.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const breaches = await findBreaches(ROOT);
for (const { rule, place } of breaches) process.stdout.write(`${place} breaks ${rule}\n`);
const unseen = await unseenCanaries();
for (const { rule, file } of unseen) {
  process.stdout.write(
    `the canary ${file} breaks ${rule} on purpose and was not caught: the check is blind\n`,
  );
}
process.exitCode = breaches.length + unseen.length === 0 ? 0 : 1;
