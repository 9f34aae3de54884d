/**
 * How long a change takes from the simulated PLC to the broker and to a page, and what the edge costs meanwhile.
 * A node of the PLC holds the monotonic time at which it was written, seven times a second, out of step with the publishing; every process of this
 * machine reads the same clock. Usage: npm run bench -- latency [seconds]
 */
import { Socket } from 'node:net';
import { decodePayload, encodePayload, valueOf } from '@trame/protocol/sparkplug/payload';
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { deviceTopic, nodeTopic } from '@trame/protocol/sparkplug/topic';
import { connectAsync } from 'mqtt';
import { openChromium } from '../helpers/chromium.ts';
import { demoAccount } from '../helpers/dashboard-client.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';
import { processCost } from './process-cost.ts';
import { quantiles } from './quantiles.ts';

const SITE = 'caux-vallee-de-seine';
const LINE = 'tri-1';
const TAG = 'benchClock';
const seconds = Number(process.argv[2] ?? 60);

const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;

await using site = await startSite({
  history: 'embedded',
  simulatorArgs: ['--bench'],
  editLine: (yaml) =>
    yaml.replace(
      '      - { name: lineState,',
      `      - { name: ${TAG}, node: 'nsu=urn:trame:plc;s=Bench.Clock', type: float64 }\n      - { name: lineState,`,
    ),
});
const edgePid = site.edge.process().pid;
const [toBroker, toPage, cost] = await Promise.all([
  measureBroker(site),
  measurePage(site),
  processCost(edgePid, seconds),
]);
process.stdout.write(
  [
    `demo load, ${seconds} s, publishing interval 100 ms, a change each 137 ms, all processes on this machine`,
    `PLC → MQTT message    ${quantiles(toBroker)}`,
    `PLC → event in page   ${quantiles(toPage.received)}`,
    `PLC → next frame      ${quantiles(toPage.painted)}`,
    `edge                  CPU ${cost.cpuPercent.toFixed(1)} % of a core, RSS ${cost.rssMbMax.toFixed(0)} MB at most`,
    '',
  ].join('\n'),
);

async function measureBroker({ broker }: Site): Promise<number[]> {
  const client = await connectAsync(broker.url);
  if (client.stream instanceof Socket) client.stream.setNoDelay(true);
  const latencies: number[] = [];
  let alias: number | null = null;
  client.on('message', (topic, bytes) => {
    const now = monotonicMs();
    const decoded = decodePayload(bytes);
    if (decoded.kind === 'invalid') return;
    for (const metric of decoded.payload.metrics) {
      if (topic.includes('/DBIRTH/') && metric.name === TAG) alias = metric.alias;
      if (!topic.includes('/DDATA/') || metric.alias === null || metric.alias !== alias) continue;
      latencies.push(now - Number(valueOf(metric, DATA_TYPE.double)));
    }
  });
  await client.subscribeAsync(deviceTopic('DBIRTH', SITE, LINE, 'plc'));
  await client.subscribeAsync(deviceTopic('DDATA', SITE, LINE, 'plc'));
  const rebirth = { name: 'Node Control/Rebirth', type: DATA_TYPE.boolean, value: true };
  await client.publishAsync(
    nodeTopic('NCMD', SITE, LINE),
    Buffer.from(encodePayload({ timestampMs: Date.now(), metrics: [rebirth] })),
  );
  await until('the clock node', () => latencies.length > 20);
  latencies.length = 0;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  await client.endAsync(true);
  return latencies;
}

async function measurePage({ url, dataDir }: Site): Promise<{ received: number[]; painted: number[] }> {
  await using chromium = await openChromium();
  const page = await chromium.browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.goto(url);
  const { login, secret } = demoAccount(dataDir, 'supervisor');
  await page.getByTestId('sign-in-login').fill(login);
  await page.getByTestId('sign-in-secret').fill(secret);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('station-hopper').waitFor();
  // Wall minus monotonic: the page knows only the wall clock.
  const offsetMs = Date.now() - monotonicMs();
  const listen = `(async () => {
    const received = [], painted = [];
    const source = new EventSource('/api/v1/live');
    const wall = () => performance.timeOrigin + performance.now();
    source.addEventListener('delta', (event) => {
      const now = wall();
      for (const { path, value } of JSON.parse(event.data).ops) {
        if (!path.includes('${TAG}')) continue;
        const written = Number(typeof value === 'object' ? value.value : value) + ${offsetMs};
        if (!(written > 1e12)) continue;
        received.push(now - written);
        requestAnimationFrame(() => painted.push(wall() - written));
      }
    });
    await new Promise((resolve) => setTimeout(resolve, ${seconds * 1000}));
    source.close();
    return { received, painted };
  })()`;
  return await page.evaluate<{ received: number[]; painted: number[] }>(listen);
}
