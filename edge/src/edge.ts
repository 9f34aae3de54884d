/**
 * The composition root: the only file that sees every part of the edge. One line, its devices, its uplink.
 * A device or a broker that is away never stops the rest: the edge starts degraded and goes on trying.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Heartbeat } from '@trame/protocol/heartbeat';
import { LINE_DEVICE } from '@trame/protocol/line-description';
import { CertificateWatch } from './alarms/certificate-watch.ts';
import type { LifeCounter, LineConfig } from './domain/line-config.ts';
import { countersOf } from './domain/line-counts.ts';
import { createControl, lateStationsOf, lifeOf, programmeMixedOf, type EdgeControl } from './edge-control.ts';
import { createDrivers, keepDriving } from './edge-drivers.ts';
import { EdgeLedger } from './edge-ledger.ts';
import { createSorting, heartbeatOf, type EdgeSorting } from './edge-sorting.ts';
import { EdgeTelemetry } from './edge-telemetry.ts';
import type { EdgeHealth } from './http/health.ts';
import { startHttpServer, type HttpServer } from './http/http-server.ts';
import { EdgeMetrics } from './http/metrics.ts';
import { RESERVE_FILE } from './ledger/disk-reserve.ts';
import { ownCertificateExpiryMs } from './opcua/trust-store.ts';
import { ClockKeeper } from './pipeline/clock-keeper.ts';
import { deviceHealth } from './pipeline/device-health.ts';
import { LifeWatch } from './pipeline/life-watch.ts';
import { Pipeline } from './pipeline/pipeline.ts';
import type { Clock } from './ports/clock.ts';
import type { DeviceDriver } from './ports/device.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';
import { slept } from './ports/slept.ts';
import { openEdgeState, type EdgeState } from './state/edge-state.ts';
import { opcuaPkiDir } from './system/data-layout.ts';
import { DiskWatch } from './system/disk-watch.ts';
import { EDGE_VERSION } from './system/version.ts';

export interface EdgeOptions {
  readonly config: LineConfig;
  /** Absolute. Made when it is missing. */
  readonly dataDir: string;
  /** 0: any free port. */
  readonly httpPort: number;
  readonly log: Log;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

export interface Edge {
  readonly httpPort: number;
  /** Rejects when an invariant is broken; the edge is then to be stopped. Never resolves before a stop. */
  readonly running: Promise<void>;
  /**
   * Says the line's death, closes every session, keeps the counts, records the end and hands it over. Within 5 s;
   * the second call waits too.
   */
  stop(): Promise<void>;
}

/** Something outside is in the way; one line for a person. */
export class EdgeStartError extends Error {
  override readonly name = 'EdgeStartError';
}

/** How long drivers may take to close their sessions before the edge ends without them, ms. */
const DRIVER_STOP_MS = 3500;
const BOOT_BYTES = 8;

/** @throws {EdgeStartError} when the data directory or the port cannot be had. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { dataDir, clock, log, config } = options;
  const state = openState(options);
  const parts = composeParts(options, state, (durationMs) => metrics.observeCycle(durationMs));
  const { pipeline, telemetry } = parts;
  let phase: EdgeHealth['phase'] = 'starting';
  const startedAtMs = clock.nowMs();
  const health = (): EdgeHealth => ({
    phase,
    site: config.site,
    line: config.line,
    version: EDGE_VERSION,
    startedAtMs,
    nowMs: clock.nowMs(),
    keepsCounts: pipeline.keepsCounts,
    devices: deviceHealth(pipeline.devices, clock.monotonicMs()).filter(({ id }) => id !== LINE_DEVICE),
    uplink: telemetry?.uplink.status ?? null,
    sorting: parts.sorting?.status ?? null,
    ...parts.said(),
  });
  const metrics = new EdgeMetrics(async () => ({
    health: health(),
    devices: pipeline.counts,
    uplink: telemetry?.uplink.counts ?? null,
    refusedReadings: pipeline.refusedReadings,
    totalsWentBack: pipeline.totalsWentBack,
    recordsLost: parts.ledger.lost,
    recordsStored: parts.ledger.stored,
    certificateExpiryMs: await ownCertificateExpiryMs(opcuaPkiDir(dataDir)),
  }));
  const http = await startHttpServer({
    port: options.httpPort,
    health,
    metrics,
    onError: (error) => log.error({ error }, 'an HTTP answer could not be made'),
  });
  if (http.kind === 'failed') {
    telemetry?.close();
    parts.sorting?.close();
    parts.ledger.close();
    state.close();
    throw new EdgeStartError(http.message);
  }

  const runs = runParts(options, parts);
  phase = 'running';
  log.info({ site: config.site, line: config.line, httpPort: http.server.port }, 'edge running');
  let stopping: Promise<void> | null = null;
  return {
    httpPort: http.server.port,
    running: runs.broken,
    stop: () => {
      phase = 'stopping';
      stopping ??= stopAll(runs, parts, http.server, state, log);
      return stopping;
    },
  };
}

/** On a disk that is full the ledger's reserve gives the room to start: what happens can be recorded then. */
function openState({ dataDir, clock, log }: EdgeOptions): EdgeState {
  let opened = openEdgeState(dataDir, clock.nowMs());
  const reserve = join(dataDir, RESERVE_FILE);
  if (opened.kind === 'unusable' && opened.isFull && existsSync(reserve)) {
    log.warn({}, "the disk is full: the edge starts in the ledger's reserve");
    rmSync(reserve);
    opened = openEdgeState(dataDir, clock.nowMs());
  }
  if (opened.kind !== 'open') throw new EdgeStartError(opened.message);
  return opened.state;
}

interface Parts {
  readonly pipeline: Pipeline;
  /** Null when no uplink is configured. */
  readonly telemetry: EdgeTelemetry | null;
  readonly ledger: EdgeLedger;
  readonly disk: DiskWatch;
  readonly certificate: CertificateWatch;
  readonly watch: LifeWatch;
  readonly drivers: readonly DeviceDriver[];
  /** Null when the line is only watched. */
  readonly control: EdgeControl | null;
  /** Null when pieces are not sorted by their spectra. */
  readonly sorting: EdgeSorting | null;
  /** How the edge is, as heartbeat and health say it. */
  said(): Pick<Heartbeat, 'ledger' | 'spool' | 'disk' | 'clock'>;
}

function composeParts(options: EdgeOptions, state: EdgeState, onCycle: (durationMs: number) => void): Parts {
  const { config, dataDir, clock, entropy, log } = options;
  const counters = countersOf(config);
  const disk = new DiskWatch(dataDir, config.ledger.reserveBytes, clock);
  const clockKeeper = new ClockKeeper(clock, log);
  const pkiDir = opcuaPkiDir(dataDir);
  const certificate = new CertificateWatch(() => ownCertificateExpiryMs(pkiDir), clock, log);
  const boot = Buffer.from(entropy.bytes(BOOT_BYTES)).toString('hex');
  const said: Parts['said'] = () => ({
    ledger: ledger.status,
    spool: telemetry?.spoolStatus ?? null,
    disk: disk.state,
    clock: clockKeeper.eventClock,
  });
  const freeBytes = (): number | null => disk.freeBytes;
  let tick = 0;
  const ledger: EdgeLedger = new EdgeLedger({
    ...options,
    counters,
    state,
    boot,
    clockKeeper,
    freeBytes,
    own: () => ({
      disk: disk.state.state,
      certificateEndsAtMs: certificate.endsAtMs,
      lateStations: lateStationsOf(control),
      programmeMixed: programmeMixedOf(config.control, control),
      life: lifeOf(config.control, control),
      sorting: sorting?.watch ?? null,
    }),
    heartbeat: () => {
      const told = { ...said(), ...heartbeatOf(sorting) };
      return { v: 1, boot, tick: (tick += 1), at: clock.nowMs(), version: EDGE_VERSION, ...told };
    },
  });
  const pipeline = new Pipeline({
    deviceIds: config.devices.map(({ id }) => id),
    counters,
    clock,
    log,
    counts: state,
    recorded: ledger.recorded,
    observe: (at, isTick) => {
      ledger.observe(at, isTick);
      control?.observe();
    },
    onCycle,
  });
  const ways = { config, dataDir, births: pipeline, bdSeqs: state, ledger, freeBytes, clock, entropy, log };
  const telemetry: EdgeTelemetry | null =
    config.uplink === null ? null : new EdgeTelemetry(ways, config.uplink);
  const watch = new LifeWatch(pipeline, livesOf(config), clock);
  const sorting: EdgeSorting | null = createSorting({ ...options, ledger, freeBytes });
  const spectra = sorting === null ? {} : { spectra: sorting.spectra };
  const { drivers, writer, verdicts } = createDrivers({ ...options, ...spectra }, watch);
  sorting?.attach(verdicts);
  const control: EdgeControl | null = createControl({ ...options, boot, line: pipeline, writer, ledger });
  ledger.attach(pipeline, control, sorting);
  return { pipeline, telemetry, ledger, disk, certificate, watch, drivers, control, sorting, said };
}

interface Runs {
  readonly broken: Promise<void>;
  /** What is being carried out is given up first, while there is somebody to record how it ended. */
  stopControl(): Promise<void>;
  /** The uplink ends first, so that a stopping line dies in one message and not device by device. */
  stopUplink(): Promise<void>;
  stopDrivers(): Promise<void>;
  stopPipeline(): Promise<void>;
  /** While the ledger still takes what was sorted. */
  stopSorting(): Promise<void>;
  /** Records the end of the run, so the cycles must have ended. */
  stopLedger(): Promise<void>;
}

function runParts(options: EdgeOptions, parts: Parts): Runs {
  const { clock, log } = options;
  const { pipeline, telemetry, ledger, disk, certificate, watch, control, sorting } = parts;
  const uplink = telemetry?.uplink ?? null;
  const ends = {
    control: new AbortController(),
    uplink: new AbortController(),
    drivers: new AbortController(),
    pipeline: new AbortController(),
    sorting: new AbortController(),
    ledger: new AbortController(),
  };
  const pipelineRun = pipeline.run(ends.pipeline.signal, (changes) => uplink?.take(changes));
  const uplinkRun = uplink?.run(ends.uplink.signal) ?? Promise.resolve();
  const spoolRun = telemetry?.runSpool(ends.pipeline.signal) ?? Promise.resolve();
  const ledgerRun = Promise.all([ledger, disk, certificate].map((part) => part.run(ends.ledger.signal)));
  const controlRun = control?.run(ends.control.signal) ?? Promise.resolve();
  const sortingRun = sorting?.run(ends.sorting.signal) ?? Promise.resolve();
  const watchRun = watch.run(ends.drivers.signal);
  const drivers = parts.drivers.map((driver) => keepDriving(driver, watch, options, ends.drivers.signal));
  const runs = [controlRun, pipelineRun, uplinkRun, spoolRun, ledgerRun, sortingRun, watchRun, ...drivers];
  const broken = Promise.all(runs).then(() => undefined);
  // Whoever holds the edge listens to `running`; until then a failure must not count as unhandled.
  broken.catch((error: unknown) => log.error({ error }, 'a part of the edge broke'));
  return {
    broken,
    stopControl: () => end(ends.control, controlRun),
    stopUplink: () => end(ends.uplink, uplinkRun),
    stopPipeline: () => end(ends.pipeline, Promise.all([pipelineRun, spoolRun])),
    stopSorting: () => end(ends.sorting, sortingRun),
    stopLedger: () => end(ends.ledger, ledgerRun),
    stopDrivers: async () => {
      const deadline = new AbortController();
      const closed = end(ends.drivers, Promise.allSettled(drivers)).then(() => false);
      const late = await Promise.race([closed, slept(clock, DRIVER_STOP_MS, deadline.signal)]);
      deadline.abort();
      if (late) log.warn({}, 'a device session did not close in time');
    },
  };
}

async function end(controller: AbortController, run: Promise<unknown>): Promise<void> {
  controller.abort();
  // A rejection is already told through `broken`.
  await Promise.allSettled([run]);
}

/** Devices may be slow to let go; what they still say is found by difference at the next start. */
async function stopAll(
  runs: Runs,
  { telemetry }: Parts,
  http: HttpServer,
  state: EdgeState,
  log: Log,
): Promise<void> {
  await runs.stopControl();
  const drivers = runs.stopDrivers();
  await runs.stopUplink();
  await runs.stopPipeline();
  await runs.stopSorting();
  telemetry?.close();
  await Promise.all([drivers, runs.stopLedger()]);
  await http.close();
  state.close();
  log.info({}, 'edge stopped');
}

function livesOf({ devices }: LineConfig): ReadonlyMap<string, LifeCounter> {
  return new Map(devices.flatMap(({ id, life }) => (life === undefined ? [] : [[id, life] as const])));
}
