/** The canary: a small workspace laid out like this one, in which every rule is broken on purpose. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBreaches } from './find-breaches.ts';

export interface Canary {
  readonly rule: string;
  readonly file: string;
}

const FOLDER = fileURLToPath(new URL('canary', import.meta.url));

/** What each file of the canary breaks. */
export const CANARIES: readonly Canary[] = [
  { rule: 'protocol-stands-alone', file: 'protocol/src/by-name.ts' },
  { rule: 'protocol-stands-alone', file: 'protocol/src/by-path.ts' },
  { rule: 'protocol-stands-alone', file: 'protocol/src/by-type-alone.ts' },
  { rule: 'protocol-stands-alone', file: 'protocol/src/by-unknown-name.ts' },
  { rule: 'imports-resolve', file: 'protocol/src/by-unknown-name.ts' },
  { rule: 'edge-knows-protocol-only', file: 'edge/src/imports-server.ts' },
  { rule: 'server-knows-protocol-only', file: 'dashboard/server/src/imports-edge.ts' },
  { rule: 'web-knows-protocol-only', file: 'dashboard/web/src/Page.svelte' },
  { rule: 'web-knows-protocol-only', file: 'dashboard/web/src/state.svelte.ts' },
  { rule: 'simulators-know-nobody', file: 'simulators/src/imports-protocol.ts' },
  { rule: 'deploy-knows-nobody', file: 'deploy/run/imports-simulators.ts' },
  { rule: 'tests-use-public-entries', file: 'tests/integration/reaches-inside.test.ts' },
  { rule: 'nobody-imports-tests', file: 'edge/src/imports-test.ts' },
  { rule: 'edge-domain-sees-domain-only', file: 'edge/src/domain/sees-port.ts' },
  { rule: 'edge-domain-has-no-library', file: 'edge/src/domain/has-core-module.ts' },
  { rule: 'edge-domain-has-no-library', file: 'edge/src/domain/has-library.ts' },
  { rule: 'edge-domain-has-no-library', file: 'edge/src/domain/has-unlisted-library.ts' },
  { rule: 'edge-ports-see-domain-only', file: 'edge/src/ports/sees-pipeline.ts' },
  { rule: 'edge-pipeline-sees-no-adapter', file: 'edge/src/pipeline/sees-adapter.ts' },
  { rule: 'edge-adapters-never-see-one-another', file: 'edge/src/opcua/sees-modbus.ts' },
  { rule: 'edge-adapters-never-see-one-another', file: 'edge/src/opcua/lazily.ts' },
  { rule: 'edge-mqtt-sees-no-adapter', file: 'edge/src/mqtt/sees-modbus.ts' },
  { rule: 'edge-mqtt-is-for-its-two', file: 'edge/src/opcua/sees-mqtt.ts' },
  { rule: 'edge-root-is-on-top', file: 'edge/src/opcua/sees-root.ts' },
  { rule: 'main-is-not-imported', file: 'edge/src/imports-main.ts' },
  { rule: 'no-cycles', file: 'edge/src/cycle-a.ts' },
  { rule: 'time-is-passed-in', file: 'edge/src/domain/reads-clock.ts' },
  { rule: 'time-is-passed-in', file: 'dashboard/web/src/Clock.svelte' },
  { rule: 'chance-is-passed-in', file: 'dashboard/server/src/rolls-dice.ts' },
  { rule: 'nothing-is-muted', file: 'protocol/src/muted.ts' },
  { rule: 'nothing-is-muted', file: 'edge/src/unlinted.ts' },
  { rule: 'no-test-is-left-out', file: 'tests/integration/skipped.test.ts' },
  { rule: 'nothing-is-put-off', file: 'simulators/src/later.ts' },
];

/** Canaries that the check did not catch: none, when it is looking. */
export async function unseenCanaries(): Promise<Canary[]> {
  const seen = new Set((await canaryBreaches()).map(({ rule, file }) => `${rule} ${file}`));
  return CANARIES.filter(({ rule, file }) => !seen.has(`${rule} ${file}`));
}

/** What the check finds in the canary, which is laid out in a folder of its own with its packages linked by name. */
export async function canaryBreaches(): Promise<Canary[]> {
  const workspace = mkdtempSync(join(tmpdir(), 'trame-canary-'));
  try {
    cpSync(FOLDER, workspace, { recursive: true });
    const scope = join(workspace, 'node_modules/@trame');
    mkdirSync(scope, { recursive: true });
    for (const name of ['protocol', 'edge', 'dashboard/server', 'dashboard/web', 'simulators']) {
      symlinkSync(join(workspace, name), join(scope, name.replace('/', '-')));
    }
    const library = join(workspace, 'edge/node_modules/some-library');
    mkdirSync(library, { recursive: true });
    writeFileSync(join(library, 'package.json'), '{ "name": "some-library", "version": "1.0.0" }');
    writeFileSync(join(library, 'index.js'), 'module.exports = {};');
    return await findBreaches(workspace);
  } finally {
    rmSync(workspace, { recursive: true });
  }
}
