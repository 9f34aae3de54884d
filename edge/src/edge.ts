/**
 * The composition root: the only file that sees every part of the edge. One line, its devices, its uplink.
 * A device or a broker that is away never stops the rest: the edge starts degraded and goes on trying.
 */
import { hostname } from 'node:os';
import { LINE_DEVICE } from '@trame/protocol/line-description';
import type { LifeCounter, LineConfig } from './domain/line-config.ts';
import { countersOf, hasRoles } from './domain/line-counts.ts';
import type { EdgeHealth } from './http/health.ts';
import { startHttpServer, type HttpServer } from './http/http-server.ts';
import { EdgeMetrics } from './http/metrics.ts';
import { createModbusDrivers } from './modbus/modbus-drivers.ts';
import { createOpcuaDriver } from './opcua/opcua-driver.ts';
import { createOpcuaPki } from './opcua/pki.ts';
import { ownCertificateExpiryMs } from './opcua/trust-store.ts';
import { deviceHealth } from './pipeline/device-health.ts';
import { LifeWatch } from './pipeline/life-watch.ts';
import { Pipeline } from './pipeline/pipeline.ts';
import type { Clock } from './ports/clock.ts';
import type { DeviceDriver, DeviceSink } from './ports/device.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';
import { slept } from './ports/slept.ts';
import { SparkplugUplink } from './sparkplug/uplink.ts';
import { openEdgeState } from './state/edge-state.ts';
import { opcuaPkiDir } from './system/data-layout.ts';
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
  /** Says the line's death, closes every session, keeps the counts. Within 5 s; the second call waits too. */
  stop(): Promise<void>;
}

/** Something outside is in the way; one line for a person. */
export class EdgeStartError extends Error {
  override readonly name = 'EdgeStartError';
}

/** How long drivers may take to close their sessions before the edge ends without them, ms. */
const DRIVER_STOP_MS = 3500;
/** Wait before a driver whose invariant broke is started again, ms. */
const DRIVER_RESTART_MS = 5000;

/** @throws {EdgeStartError} when the data directory or the port cannot be had. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { config, dataDir, clock, log } = options;
  const opened = openEdgeState(dataDir, clock.nowMs());
  if (opened.kind !== 'open') throw new EdgeStartError(opened.message);
  const { state } = opened;
  const pipeline: Pipeline = new Pipeline({
    deviceIds: config.devices.map(({ id }) => id),
    counters: countersOf(config),
    clock,
    log,
    counts: state,
    recorded: () => null,
    onCycle: (durationMs) => metrics.observeCycle(durationMs),
  });
  const uplink = createUplink(options, pipeline, state);
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
    uplink: uplink?.status ?? null,
  });
  const metrics = new EdgeMetrics(async () => ({
    health: health(),
    devices: pipeline.counts,
    uplink: uplink?.counts ?? null,
    refusedReadings: pipeline.refusedReadings,
    totalsWentBack: pipeline.totalsWentBack,
    certificateExpiryMs: await ownCertificateExpiryMs(opcuaPkiDir(dataDir)),
  }));
  const http = await startHttpServer({
    port: options.httpPort,
    health,
    metrics,
    onError: (error) => log.error({ error }, 'an HTTP answer could not be made'),
  });
  if (http.kind === 'failed') {
    state.close();
    throw new EdgeStartError(http.message);
  }

  const parts = startParts(options, pipeline, uplink);
  phase = 'running';
  log.info({ site: config.site, line: config.line, httpPort: http.server.port }, 'edge running');
  let stopping: Promise<void> | null = null;
  return {
    httpPort: http.server.port,
    running: parts.broken,
    stop: () => {
      phase = 'stopping';
      stopping ??= stopAll(parts, http.server, state, log);
      return stopping;
    },
  };
}

interface Parts {
  readonly broken: Promise<void>;
  /** The uplink ends first, so that a stopping line dies in one message and not device by device. */
  stopUplink(): Promise<void>;
  stopDrivers(): Promise<void>;
  stopPipeline(): Promise<void>;
}

function startParts(options: EdgeOptions, pipeline: Pipeline, uplink: SparkplugUplink | null): Parts {
  const { clock, log } = options;
  const ends = {
    uplink: new AbortController(),
    drivers: new AbortController(),
    pipeline: new AbortController(),
  };
  const pipelineRun = pipeline.run(ends.pipeline.signal, (changes) => uplink?.take(changes));
  const uplinkRun = uplink === null ? null : uplink.run(ends.uplink.signal);
  const watch = new LifeWatch(pipeline, livesOf(options.config), clock);
  const watchRun = watch.run(ends.drivers.signal);
  const drivers = createDrivers(options, watch).map((driver) =>
    keepDriving(driver, watch, options, ends.drivers.signal),
  );
  const runs = [pipelineRun, watchRun, ...(uplinkRun === null ? [] : [uplinkRun]), ...drivers];
  const broken = Promise.all(runs).then(() => undefined);
  // Whoever holds the edge listens to `running`; until then a failure must not count as unhandled.
  broken.catch((error: unknown) => log.error({ error }, 'a part of the edge broke'));
  return {
    broken,
    stopUplink: () => end(ends.uplink, uplinkRun),
    stopPipeline: () => end(ends.pipeline, pipelineRun),
    stopDrivers: async () => {
      const deadline = new AbortController();
      const closed = end(ends.drivers, Promise.allSettled(drivers)).then(() => false);
      const late = await Promise.race([closed, slept(clock, DRIVER_STOP_MS, deadline.signal)]);
      deadline.abort();
      if (late) log.warn({}, 'a device session did not close in time');
    },
  };
}

async function end(controller: AbortController, run: Promise<unknown> | null): Promise<void> {
  controller.abort();
  // A rejection is already told through `broken`.
  await Promise.allSettled([run]);
}

async function stopAll(parts: Parts, http: HttpServer, state: { close(): void }, log: Log): Promise<void> {
  await Promise.all([parts.stopUplink(), parts.stopDrivers()]);
  await parts.stopPipeline();
  await http.close();
  state.close();
  log.info({}, 'edge stopped');
}

/** A driver tells its failures to the sink; one that rejects is broken, is told, and is started again. */
async function keepDriving(
  driver: DeviceDriver,
  sink: DeviceSink,
  { clock, log }: EdgeOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await driver.run(signal);
    } catch (error) {
      log.error({ device: driver.device, error }, 'the driver broke and is started again');
      sink.offline(driver.device, 'the driver of this device failed; it is started again');
    }
    if (!(await slept(clock, DRIVER_RESTART_MS, signal))) return;
  }
}

function livesOf({ devices }: LineConfig): ReadonlyMap<string, LifeCounter> {
  return new Map(devices.flatMap(({ id, life }) => (life === undefined ? [] : [[id, life] as const])));
}

function createDrivers(options: EdgeOptions, sink: DeviceSink): readonly DeviceDriver[] {
  const { config, clock, entropy, log, dataDir } = options;
  const modbus = config.devices.filter((device) => device.driver === 'modbus');
  const opcua = config.devices.filter((device) => device.driver === 'opcua');
  const pki = createOpcuaPki(
    {
      directory: opcuaPkiDir(dataDir),
      applicationUri: `urn:trame:edge:${config.site}:${config.line}`,
      hostname: hostname(),
    },
    clock,
  );
  return [
    ...createModbusDrivers(modbus, { sink, clock, entropy, log }),
    ...opcua.map((device) => createOpcuaDriver(device, { sink, clock, entropy, log, pki })),
  ];
}

function createUplink(
  { config, clock, entropy, log }: EdgeOptions,
  pipeline: Pipeline,
  bdSeqs: ConstructorParameters<typeof SparkplugUplink>[0]['bdSeqs'],
): SparkplugUplink | null {
  if (config.uplink === null) return null;
  return new SparkplugUplink({
    site: config.site,
    line: config.line,
    config: config.uplink,
    facts: {
      description: hasRoles(config.roles) ? config.roles.description : null,
      software: `trame-edge ${EDGE_VERSION}`,
    },
    births: pipeline,
    bdSeqs,
    clock,
    entropy,
    log,
  });
}
