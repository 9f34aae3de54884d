/**
 * How long the pages about material take with a million outputs: the server as it stands in production, over SQLite,
 * asked by HTTP. Usage: npm run bench -- material [outputs]
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRecords } from '@trame/dashboard-server/records/open-records';
import { freePort } from '../helpers/free-port.ts';
import { ROOT, spawnProcess } from '../helpers/process.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { until } from '../helpers/until.ts';
import { CHAIN, fillMaterial, LINE, SITE } from './material-stock.ts';
import { peakRssMb } from './process-cost.ts';
import { quantiles } from './quantiles.ts';

const outputs = Number(process.argv[2] ?? 1_000_000);
const ROUNDS = 200;
/** Large questions are asked less often. */
const LARGE_ROUNDS = 10;
const DAY_MS = 86_400_000;
const START_MS = 60_000;

const machineMs = () => Number(process.hrtime.bigint()) / 1e6;

await using folder = temporaryFolder('bench-material');
const dataDir = join(folder.path, 'dashboard');
mkdirSync(dataDir, { recursive: true });
const records = await openRecords({ dataDir, records: { kind: 'embedded' } });
await records.destroy();
const nowMs = Date.now();
const fillMs = machineMs();
const { lots, chained } = fillMaterial(join(dataDir, 'records.sqlite'), outputs, nowMs - 60_000);
const bytes = statSync(join(dataDir, 'records.sqlite')).size;
say(
  `filled   ${outputs} outputs of ${lots} lots in ${seconds(machineMs() - fillMs)}, ${Math.round(bytes / 1e6)} MB`,
);

const file = join(folder.path, 'dashboard.yaml');
const zones = ['stock', 'yard', 'hall'].map(
  (id) => `{ id: ${id}, label: ${id}, ceilingT: 5000, kgPerM3: 200 }`,
);
writeFileSync(
  file,
  [
    'installation: demo',
    `site: ${SITE}`,
    'broker: embedded',
    'history: embedded',
    'material:',
    `  bookKeeper: ${LINE}`,
    `  zones: [${zones.join(', ')}]`,
    '',
  ].join('\n'),
);
const port = await freePort();
const env = {
  TRAME_HTTP_PORT: String(port),
  TRAME_MQTT_PORT: String(await freePort()),
  TRAME_DATA_DIR: folder.path,
};
await using server = spawnProcess(
  process.execPath,
  [join(ROOT, 'dashboard/server/src/main.ts'), 'run', '--config', file],
  { env },
);
const url = `http://127.0.0.1:${port}`;
await until('the server answers', async () => await fetch(`${url}/healthz`).catch(() => null), START_MS);
const cookie = await signIn();

const random = (count: number) => 1 + Math.floor(Math.random() * count);
await measure('bales, first page', () => '/bales?limit=100');
await measure('bales in stock', () => '/bales?status=stock&limit=100');
await measure('bales shipped', () => '/bales?status=shipped&limit=100');
await measure('bales of an outlet', () => '/bales?outlet=essuyage&limit=100');
await measure('bales of a day', () => `/bales?from=${nowMs - random(300) * DAY_MS}&limit=100`);
await measure('bales, any page', () => `/bales?limit=100&cursor=${cursorAt(random(outputs))}`);
await measure('lots, first page', () => '/lots?limit=100');
await measure('lots that wait', () => '/lots?waiting=true&limit=100');
await measure('one bale', () => `/bales/B${random(outputs)}`);
await measure('one bale by number', () => `/bales/${random(outputs)}`);
await measure('one lot', () => `/lots/L${random(lots)}`);
await measure('stock', () => '/stock');
await measure(`ancestry, ${CHAIN} links`, () => `/bales/B${chained - CHAIN * random(100)}/ancestry`);
await measure('ancestry of any', () => `/bales/B${random(outputs)}/ancestry`);
await measure('descendants of a lot', () => `/lots/L${random(lots)}/descendants`);
const month = new Date(nowMs - 40 * DAY_MS).toISOString().slice(0, 7);
await measure('tonnage by outlet, a month', () => `/tonnage?from=${month}-01&to=${month}-28`, LARGE_ROUNDS);
await measure(
  'by commune, a month',
  () => `/tonnage?by=commune&from=${month}-01&to=${month}-28`,
  LARGE_ROUNDS,
);
await measure(
  'balance by day, a month',
  () => `/balance?by=day&from=${month}-01&to=${month}-28`,
  LARGE_ROUNDS,
);
say(await levels());
say(`server took ${Math.round(peakRssMb(server.pid) ?? 0)} MB of memory at most`);

function cursorAt(number: number): string {
  const at = nowMs - 60_000 - (outputs - number) * 90_000;
  return `${at}.${Buffer.from(`B${number}`).toString('base64url')}`;
}

async function measure(name: string, path: () => string, rounds = ROUNDS): Promise<void> {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const asked = path();
    const begunMs = machineMs();
    const response = await fetch(`${url}/api/v1${asked}`, { headers: { cookie } });
    const text = await response.text();
    taken.push(machineMs() - begunMs);
    if (!response.ok) throw new Error(`${asked}: ${response.status} ${text}`);
  }
  const sorted = taken.toSorted((a, b) => a - b);
  const p95 = sorted[Math.floor(0.95 * sorted.length)] ?? 0;
  say(`${name.padEnd(28)} p95 ${p95.toFixed(1).padStart(7)} ms   ${quantiles(taken)}`);
}

/** How deep the ancestry that was measured really is. */
async function levels(): Promise<string> {
  const response = await fetch(`${url}/api/v1/bales/B${chained - CHAIN * 3}/ancestry`, {
    headers: { cookie },
  });
  const { nodes } = (await response.json()) as { nodes: { depth: number }[] };
  return `ancestry of one of them: ${nodes.length} things, ${Math.max(...nodes.map(({ depth }) => depth))} levels`;
}

async function signIn(): Promise<string> {
  const accounts = JSON.parse(readFileSync(join(folder.path, 'demo-accounts.json'), 'utf8')) as {
    login: string;
    secret: string;
    role: string;
  }[];
  const account = accounts.find(({ role }) => role === 'supervisor');
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: account?.login, secret: account?.secret }),
  });
  if (!response.ok) throw new Error(`sign-in: ${response.status}`);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
