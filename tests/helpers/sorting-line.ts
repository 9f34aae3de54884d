/** The simulated NIR station and sorter, and the drivers of the edge that read and tell them, with nothing between. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseLineConfig } from '@trame/edge/config/parse-line-config';
import { createDrivers } from '@trame/edge/edge-drivers';
import type { Clock } from '@trame/edge/ports/clock';
import type { DeviceSink } from '@trame/edge/ports/device';
import type { Log } from '@trame/edge/ports/log';
import type { MissedReads, SpectrumRead, SpectrumSink } from '@trame/edge/ports/spectrum-source';
import type { SorterVerdict } from '@trame/edge/ports/verdict-writer';
import { simulationControl, type SimulationControl } from './simulation-control.ts';
import { SORTING_DEVICES, startSortingDevices, withPorts } from './sorting-devices.ts';
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

/** @param outletOf where each read piece goes: number of an outlet of the sorter, from 1. Null: nobody tells the sorter. */
export async function startSortingLine(
  speed: number,
  outletOf: ((read: SpectrumRead) => number) | null,
): Promise<SortingLine> {
  await using resources = new AsyncDisposableStack();
  const { path: dataDir } = resources.use(temporaryFolder('sorting'));
  const { ports } = resources.use(await startSortingDevices({ dataDir, speed, controlPort: 0 }));
  const text = withPorts(SORTING_DEVICES, ports);
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
