/** The simulated NIR station and sorter, and an edge that sorts by their spectra, each a program of its own; no broker. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AlarmChanged } from '@trame/protocol/alarms/alarm-events';
import type { ItemsSorted } from '@trame/protocol/classification/classification-events';
import { freePortBlock } from './free-port.ts';
import { ROOT, spawnProcess, type SpawnedProcess } from './process.ts';
import { simulationControl, type SimulationControl } from './simulation-control.ts';
import { exportLedger } from './site-commands.ts';
import { SORTING_DEVICES, startSortingDevices, withPorts } from './sorting-devices.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

/** What the simulator says of a piece that its station read. */
export interface TrueItem {
  readonly seq: number;
  readonly fabric: string;
  readonly massG: number;
  /** Null while it is on its way. */
  readonly outlet: string | null;
  readonly notes: readonly string[];
}

export interface SortingHealth {
  readonly model: { readonly id: string } | null;
  readonly modelFault: string | null;
  readonly programme: { readonly id: string; readonly version: number } | null;
  readonly programmeFault: string | null;
  readonly sorted: number;
  readonly toFallback: number;
  readonly late: number;
  readonly unwritten: number;
  readonly missed: number;
  readonly failed: number;
  readonly items: { readonly state: string; readonly items: number; readonly dropped: number };
  readonly watch: {
    readonly [K in 'distance' | 'refused' | 'shares']: {
      readonly isRaised: boolean | null;
      readonly words: string;
    };
  } & { readonly missed: number };
}

export interface SortingEdge extends AsyncDisposable {
  readonly simulation: SimulationControl;
  readonly health: () => Promise<SortingHealth>;
  /** Of numbers from one on, in order. */
  readonly items: (from: number) => Promise<readonly TrueItem[]>;
  /** Of the simulated sorter: pieces that came to their gate without a verdict. */
  readonly withoutVerdict: () => Promise<number>;
  /** Ends the edge as a service manager does; what it recorded is then in the ledger. */
  readonly stopEdge: () => Promise<void>;
  readonly startEdge: () => Promise<void>;
  /** Where the edge keeps its files. */
  readonly edgeDir: string;
  /** What the ledger has of sorted pieces, oldest first. */
  readonly sums: () => Promise<readonly ItemsSorted[]>;
  /** What the ledger has of an alarm, oldest first. */
  readonly changesOf: (alarm: string) => Promise<readonly AlarmChanged[]>;
}

const READY_MS = 60_000;
const STOP_MS = 15_000;
const LINE = `${SORTING_DEVICES}sorting:
  nir: nir
  sorter: plc
  model: sim-v1
  programme: ligne-automatique
  fallback: manuel
  outlets: { creme: 1, reemploi: 2, essuyage: 3, effilochage: 4, polymere: 5, buchettes: 6, csr: 7, manuel: 8, elimination: 8 }
`;

export interface SortingEdgeOptions {
  /** How many times faster the simulated physics run. */
  readonly speed: number;
  /** Changes the configuration before the edge reads it. */
  readonly edit?: (yaml: string) => string;
  /** Files in the edge's data directory, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

export async function startSortingEdge({
  speed,
  edit = (yaml) => yaml,
  files = {},
}: SortingEdgeOptions): Promise<SortingEdge> {
  await using resources = new AsyncDisposableStack();
  const { path: dataDir } = resources.use(temporaryFolder('sorting'));
  const [simPort, httpPort] = await portsOf();
  const { ports } = resources.use(await startSortingDevices({ dataDir, speed, controlPort: simPort }));
  const edgeDir = join(dataDir, 'edge');
  mkdirSync(edgeDir, { recursive: true });
  const lineFile = join(edgeDir, 'line.yaml');
  writeFileSync(lineFile, withPorts(edit(LINE), ports));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(edgeDir, name), text);
  const simulation = simulationControl(simPort);
  const health = async (): Promise<SortingHealth> => {
    const body = (await fetchJson(`http://127.0.0.1:${httpPort}/healthz`)) as { sorting: SortingHealth };
    return body.sorting;
  };
  let edge: SpawnedProcess | null = null;
  const startEdge = async (): Promise<void> => {
    edge = spawnProcess(
      process.execPath,
      [join(ROOT, 'edge/src/main.ts'), 'run', '--config', lineFile, '--data', edgeDir],
      { env: { TRAME_EDGE_HTTP_PORT: String(httpPort), TRAME_LOG_LEVEL: 'warn' } },
    );
    await until('the edge', health, READY_MS);
  };
  const stopEdge = async (): Promise<void> => {
    await edge?.stop(STOP_MS);
    await edge?.[Symbol.asyncDispose]();
    edge = null;
  };
  resources.defer(stopEdge);
  await startEdge();
  const owned = resources.move();
  return {
    simulation,
    health,
    items: async (from) => await itemsFrom(simPort, from),
    withoutVerdict: async () => {
      const truth = (await fetchJson(`http://127.0.0.1:${simPort}/truth`)) as {
        sorter: { withoutVerdict: number };
      };
      return truth.sorter.withoutVerdict;
    },
    stopEdge,
    startEdge,
    edgeDir,
    changesOf: async (alarm) =>
      (await exportLedger({ dataDir }))
        .filter(({ type }) => type === 'alarm.changed')
        .map(({ payload }) => payload as unknown as AlarmChanged)
        .filter((change) => change.alarm === alarm),
    sums: async () =>
      (await exportLedger({ dataDir }))
        .filter(({ type }) => type === 'items.sorted')
        .map(({ payload }) => payload as unknown as ItemsSorted),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function portsOf(): Promise<readonly [number, number]> {
  const first = await freePortBlock(2);
  return [first, first + 1];
}

async function itemsFrom(port: number, from: number): Promise<TrueItem[]> {
  const items: TrueItem[] = [];
  for (let next = from; ;) {
    const url = `http://127.0.0.1:${port}/items?from=${next}`;
    const page = (await fetchJson(url)) as { items: TrueItem[]; next: number };
    items.push(...page.items);
    if (page.items.length === 0) return items;
    next = page.next;
  }
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}
