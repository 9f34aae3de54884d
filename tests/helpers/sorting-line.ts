/** The simulated NIR station and sorter, and the drivers of the edge that read and tell them, with nothing between. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseLineConfig } from '@trame/edge/config/parse-line-config';
import { createDrivers } from '@trame/edge/edge-drivers';
import type { Clock } from '@trame/edge/ports/clock';
import type { DeviceSink } from '@trame/edge/ports/device';
import type { Log } from '@trame/edge/ports/log';
import type { MissedReads, SpectrumRead, SpectrumSink } from '@trame/edge/ports/spectrum-source';
import type { SorterVerdict } from '@trame/edge/ports/verdict-writer';
import { ROOT, spawnProcess } from './process.ts';
import { simulationControl, type SimulationControl } from './simulation-control.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface GivenVerdicts {
  readonly outcome: string;
  readonly tookMs: number;
}

export interface SortingLine extends AsyncDisposable {
  readonly simulation: SimulationControl;
  /** What the drivers gave, in order, and when by the wall clock. */
  readonly reads: { readonly read: SpectrumRead; readonly atMs: number }[];
  readonly missed: MissedReads[];
  readonly lives: string[];
  readonly given: GivenVerdicts[];
  /** The last value of a tag of the PLC. */
  readonly plc: (tag: string) => number;
}

const READY_MS = 60_000;
const ANY_PORTS = {
  TRAME_OPCUA_PORT: '0',
  TRAME_MODBUS_PORT: '0',
  TRAME_PRINTER_PORT: '0',
  TRAME_SIM_PORT: '0',
  TRAME_LOG_LEVEL: 'warn',
};

const LINE = `site: caux
line: tri-1
devices:
  - id: nir
    driver: opcua
    url: opc.tcp://127.0.0.1:NIR
    tags: [{ name: ready, node: "nsu=urn:trame:nir;s=Station.Ready" }]
    ring:
      seq: "nsu=urn:trame:nir;s=Station.Seq"
      size: 256
      result:
        seq: "nsu=urn:trame:nir;s=Result.{place}.Seq"
        at: "nsu=urn:trame:nir;s=Result.{place}.At"
        spectrum: "nsu=urn:trame:nir;s=Result.{place}.Spectrum"
      wavelengths: { from: 940, step: 4, count: 186 }
      quantity: absorbance
  - id: plc
    driver: opcua
    url: opc.tcp://127.0.0.1:PLC
    tags: [{ name: withoutVerdict, node: "nsu=urn:trame:plc;s=Sorter.WithoutVerdict", type: uint32 }]
    verdicts: { node: "nsu=urn:trame:plc;s=Sorter.Verdicts" }
`;

/** @param outletOf where each read piece goes: number of an outlet of the sorter, from 1. Null: nobody tells the sorter. */
export async function startSortingLine(
  speed: number,
  outletOf: ((read: SpectrumRead) => number) | null,
): Promise<SortingLine> {
  await using resources = new AsyncDisposableStack();
  const { path: dataDir } = resources.use(temporaryFolder('sorting'));
  const args = ['run', '--anonymous', '--no-incidents', '--crew-within', '1', '--only', 'plc,nir'];
  const simulator = resources.use(
    spawnProcess(
      process.execPath,
      [join(ROOT, 'simulators/src/main.ts'), ...args, '--speed', String(speed), '--data', dataDir],
      { env: ANY_PORTS },
    ),
  );
  const ready = await simulator.waitForLine(/^\{"ready":true/u, READY_MS);
  const { ports } = JSON.parse(ready) as { ports: { plc: number; nir: number; control: number } };
  const text = LINE.replace('NIR', String(ports.nir)).replace('PLC', String(ports.plc));
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.issues));

  const reads: SortingLine['reads'] = [];
  const missed: MissedReads[] = [];
  const lives: string[] = [];
  const given: GivenVerdicts[] = [];
  const tags = new Map<string, number>();
  const stopping = new AbortController();
  const spectra: SpectrumSink = {
    begun: (_device, { seq, why }) => lives.push(`${why} ${seq}`),
    missed: (_device, one) => missed.push(one),
    async spectra(_device, batch) {
      const atMs = Date.now();
      for (const read of batch) reads.push({ read, atMs });
      if (outletOf === null) return;
      for (const part of inVerdicts(batch, outletOf)) {
        const startMs = performance.now();
        const { kind } = await drivers.verdicts.give('plc', part, stopping.signal);
        given.push({ outcome: kind, tookMs: performance.now() - startMs });
      }
    },
  };
  const sink: DeviceSink = {
    online: ignore,
    offline: ignore,
    incident: ignore,
    readings(_device, readings) {
      for (const { tag, value } of readings) if (value !== null) tags.set(tag, Number(value));
    },
  };
  const drivers = createDrivers(
    { config: parsed.config, dataDir, clock: realClock, entropy, log: noLog, spectra },
    sink,
  );
  const running = drivers.drivers.map((driver) => driver.run(stopping.signal));
  resources.defer(async () => {
    stopping.abort();
    await Promise.all(running);
  });
  const owned = resources.move();
  return {
    simulation: simulationControl(ports.control),
    reads,
    missed,
    lives,
    given,
    plc: (tag) => tags.get(tag) ?? Number.NaN,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** As many verdicts as one write takes. */
const PER_WRITE = 64;

function inVerdicts(
  batch: readonly SpectrumRead[],
  outletOf: (read: SpectrumRead) => number,
): SorterVerdict[][] {
  const verdicts = batch.map((read) => ({ seq: read.seq, outlet: outletOf(read) }));
  const parts: SorterVerdict[][] = [];
  for (let from = 0; from < verdicts.length; from += PER_WRITE)
    parts.push(verdicts.slice(from, from + PER_WRITE));
  return parts;
}

const realClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};
const entropy = { random: () => Math.random(), bytes: (count: number) => randomBytes(count) };
const ignore = (): void => undefined;
const noLog: Log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
