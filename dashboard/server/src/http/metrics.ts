/** Figures for Prometheus. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { HistoryStats } from '../history/history-store.ts';
import type { LivePicture } from '../live/picture.ts';

export interface MetricSources {
  readonly picture: LivePicture;
  readonly history: () => HistoryStats;
  readonly listeners: () => number;
  readonly linkUp: () => boolean;
}

export interface ServerMetrics {
  readonly registry: Registry;
  readonly received: Counter<'type'>;
  readonly rejected: Counter<'reason'>;
  readonly rebirths: Counter;
  readonly resets: Counter;
}

/** Adds a figure that is read when Prometheus asks. */
export function addGauge(registry: Registry, name: string, help: string, read: () => number): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect: () => {
      gauge.set(read());
    },
  });
}

export function createMetrics(sources: MetricSources): ServerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number) => addGauge(registry, name, help, read);
  const lines = () => Object.values(sources.picture.state.lines);
  gauge('trame_broker_link_up', '1 while the server is connected to the broker', () =>
    Number(sources.linkUp()),
  );
  gauge('trame_lines', 'Lines known', () => lines().length);
  gauge(
    'trame_lines_online',
    'Lines whose edge is connected',
    () => lines().filter(({ state }) => state === 'online').length,
  );
  gauge('trame_live_listeners', 'Pages that follow the live picture', sources.listeners);
  gauge('trame_history_stored_samples', 'Samples stored since start', () => sources.history().stored);
  gauge('trame_history_buffered_samples', 'Samples waiting for the engine', () => sources.history().buffered);
  gauge(
    'trame_history_overflowed_samples',
    'Samples lost while the engine was away',
    () => sources.history().overflowed,
  );
  gauge(
    'trame_history_refused_samples',
    'Samples that the engine refused, kept aside',
    () => sources.history().refused,
  );
  gauge('trame_history_healthy', '1 while the last write went well', () => Number(sources.history().healthy));
  const registers = [registry];
  return {
    registry,
    received: new Counter({
      name: 'trame_ingest_messages_total',
      help: 'Sparkplug messages received',
      labelNames: ['type'],
      registers,
    }),
    rejected: new Counter({
      name: 'trame_ingest_rejected_total',
      help: 'Messages, metrics and values that were not taken',
      labelNames: ['reason'],
      registers,
    }),
    rebirths: new Counter({
      name: 'trame_ingest_rebirth_requests_total',
      help: 'Births asked for again',
      registers,
    }),
    resets: new Counter({
      name: 'trame_tonnage_counter_resets_total',
      help: 'Outlet totals that went back',
      registers,
    }),
  };
}
