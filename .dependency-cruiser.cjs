/**
 * The floors of the house: who may import whom. `tests/architecture/check-floors.ts` runs these rules on the code and
 * on `tests/architecture/canary`, whose files break each of them on purpose and must be caught.
 */

/** A path of the folder, or an import by package name that did not resolve into it. */
function of(...folders) {
  const packageNames = folders.map((folder) => folder.replace('/', '-'));
  return `^(?:${folders.join('|')})/|^@trame/(?:${packageNames.join('|')})(?:/|$)`;
}

/** Tests, and what only they use, which is named `test-….ts`. */
const TEST_FILES = '\\.test\\.ts$|/test-[^/]*\\.ts$';
/** Inside the edge: everything that is neither a lower floor nor the way in is an adapter, one folder each. */
const ADAPTER = '^edge/src/(?!domain/|ports/|pipeline/|mqtt/|cli/)([^/]+)/';
/**
 * What tests that cross packages may start: each program whole, and the parts of the ledger's way, which a simulated
 * world runs without sockets and a benchmark without the rest: `uplink/ledger-uplink` is that way with its sockets. The drivers
 * of a line by its configuration, for what a driver gives without any broker or ledger.
 * Labels, which are scanned as they are drawn. What judges a spectrum, which is measured beside a library.
 */
const PUBLIC_ENTRIES = [
  '^edge/src/(?:edge|edge-drivers|config/parse-line-config|ledger/open-ledger|spool/open-spool|uplink/(?:delivery-shell|ledger-uplink)|sparkplug/(?:waiting-samples|uplink))\\.ts$',
  '^edge/src/(?:ports/[a-z-]+|domain/tag-state|domain/nir/(?:judge-spectrum|open-model))\\.ts$',
  '^dashboard/server/src/(?:server|ledger/(?:ledger-consumer|ledger-store|records-ledger-store))\\.ts$',
  '^dashboard/server/src/(?:records/open-records|tonnage/local-day)\\.ts$',
  '^dashboard/server/src/labels/(?:preprinted-label|raw-printer|render-label|render-pages)\\.ts$',
  '^simulators/src/simulation\\.ts$',
].join('|');
const NPM = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'unknown'];

function forbid(name, comment, from, to) {
  return { name, comment, severity: 'error', from, to };
}

module.exports = {
  forbidden: [
    forbid(
      'protocol-stands-alone',
      'protocol imports nothing of the repository.',
      { path: '^protocol/' },
      { path: of('edge', 'dashboard/server', 'dashboard/web', 'simulators', 'tests', 'deploy') },
    ),
    forbid(
      'edge-knows-protocol-only',
      'Of the repository, the edge imports protocol alone.',
      { path: '^edge/' },
      { path: of('dashboard/server', 'dashboard/web', 'simulators', 'tests', 'deploy') },
    ),
    forbid(
      'server-knows-protocol-only',
      'Of the repository, the dashboard server imports protocol alone.',
      { path: '^dashboard/server/' },
      { path: of('edge', 'dashboard/web', 'simulators', 'tests', 'deploy') },
    ),
    forbid(
      'web-knows-protocol-only',
      'Of the repository, the dashboard page imports protocol alone.',
      { path: '^dashboard/web/' },
      { path: of('edge', 'dashboard/server', 'simulators', 'tests', 'deploy') },
    ),
    forbid(
      'simulators-know-nobody',
      'A decoder or register table shared with the edge would make two errors cancel out.',
      { path: '^simulators/' },
      { path: of('protocol', 'edge', 'dashboard/server', 'dashboard/web', 'tests', 'deploy') },
    ),
    forbid(
      'deploy-knows-nobody',
      'The launcher reaches the programs by their command lines.',
      { path: '^deploy/' },
      { path: of('protocol', 'edge', 'dashboard/server', 'dashboard/web', 'simulators', 'tests') },
    ),
    forbid(
      'tests-use-public-entries',
      'Tests that cross packages see what an outsider sees.',
      { path: '^tests/' },
      {
        path: of('edge', 'dashboard/server', 'dashboard/web', 'simulators', 'deploy'),
        pathNot: PUBLIC_ENTRIES,
      },
    ),
    forbid(
      'nobody-imports-tests',
      'Code does not depend on its tests.',
      { path: `^(?:protocol|edge|dashboard|simulators|deploy)/`, pathNot: TEST_FILES },
      { path: TEST_FILES },
    ),

    forbid(
      'edge-domain-sees-domain-only',
      'The domain is pure: of the edge it sees itself alone.',
      { path: '^edge/src/domain/' },
      { path: '^edge/src/(?!domain/)' },
    ),
    forbid(
      'edge-domain-has-no-library',
      'The domain is pure: no Node module, no package but the schema library.',
      { path: '^edge/src/domain/', pathNot: TEST_FILES },
      { dependencyTypes: ['core', ...NPM], pathNot: '(?:^|/)node_modules/typebox/|^typebox' },
    ),
    forbid(
      'edge-ports-see-domain-only',
      'Ports are stated in words of the domain.',
      { path: '^edge/src/ports/' },
      { path: '^edge/src/(?!domain/|ports/)' },
    ),
    forbid(
      'edge-pipeline-sees-no-adapter',
      'The pipeline works on ports.',
      { path: '^edge/src/pipeline/', pathNot: TEST_FILES },
      { path: '^edge/src/(?!domain/|ports/|pipeline/)' },
    ),
    forbid(
      'edge-adapters-never-see-one-another',
      'Each adapter has its own library and can be taken out.',
      { path: ADAPTER, pathNot: TEST_FILES },
      { path: ADAPTER, pathNot: '^edge/src/$1/' },
    ),
    forbid(
      'edge-mqtt-sees-no-adapter',
      'mqtt is the connection library that sparkplug and uplink share, and sees no adapter.',
      { path: '^edge/src/mqtt/', pathNot: TEST_FILES },
      { path: '^edge/src/(?!domain/|ports/|mqtt/)' },
    ),
    forbid(
      'edge-mqtt-is-for-its-two',
      'Only sparkplug and uplink speak to the broker.',
      { path: '^edge/src/(?!mqtt/|sparkplug/|uplink/)', pathNot: TEST_FILES },
      { path: '^edge/src/mqtt/' },
    ),
    forbid(
      'edge-root-is-on-top',
      'edge.ts composes everything, so nothing but the ways in may import it.',
      { path: '^edge/src/[^/]+/', pathNot: `^edge/src/cli/|${TEST_FILES}` },
      { path: '^edge/src/(?:[^/]+\\.ts$|cli/)' },
    ),
    forbid(
      'main-is-not-imported',
      'main.ts is a program.',
      {},
      { path: '^(?:edge|dashboard/server|simulators)/src/main\\.ts$' },
    ),

    forbid('no-cycles', 'A cycle is one file in two pieces.', {}, { circular: true }),
    forbid(
      'imports-resolve',
      'An import that cannot be followed could hide a broken floor.',
      { pathNot: '(?:^|/)node_modules/' },
      { couldNotResolve: true },
    ),
  ],
  options: {
    doNotFollow: { path: '(?:^|/)node_modules/' },
    exclude: { path: '(?:^|/)dist/|^tests/architecture/canary/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'import', 'node', 'default', 'require'],
      mainFields: ['svelte', 'module', 'main', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.svelte', '.d.ts', '.json'],
    },
  },
};
