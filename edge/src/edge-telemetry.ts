/** Composes the way of telemetry: the Sparkplug node, and the spool where what cannot be sent waits. */
import type { SpoolStatus } from '@trame/protocol/heartbeat';
import type { LineConfig, UplinkConfig } from './domain/line-config.ts';
import { hasRoles } from './domain/line-counts.ts';
import type { EdgeLedger } from './edge-ledger.ts';
import type { BdSeqStore } from './ports/bd-seq-store.ts';
import type { Clock } from './ports/clock.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';
import type { BirthSource } from './ports/uplink.ts';
import { SparkplugUplink } from './sparkplug/uplink.ts';
import { openSpool } from './spool/open-spool.ts';
import type { TelemetrySpool } from './spool/telemetry-spool.ts';
import { EDGE_VERSION } from './system/version.ts';

export interface TelemetryOptions {
  readonly config: LineConfig;
  readonly dataDir: string;
  readonly births: BirthSource;
  readonly bdSeqs: BdSeqStore;
  /** Where losses are recorded. */
  readonly ledger: EdgeLedger;
  readonly freeBytes: () => number | null;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export class EdgeTelemetry {
  readonly uplink: SparkplugUplink;
  readonly #spool: TelemetrySpool;

  constructor(options: TelemetryOptions, uplinkConfig: UplinkConfig) {
    const { config, dataDir, births, bdSeqs, ledger, freeBytes, clock, entropy, log } = options;
    this.#spool = openSpool({
      dataDir,
      config: config.spool,
      clock,
      entropy,
      log,
      onGap: (gap, key) => ledger.gap(gap, key),
      isRecorded: (key) => ledger.isRecorded(key),
      freeBytes,
      reserveBytes: config.ledger.reserveBytes,
    });
    this.uplink = new SparkplugUplink({
      site: config.site,
      line: config.line,
      config: uplinkConfig,
      facts: {
        description: hasRoles(config.roles) ? config.roles.description : null,
        software: `trame-edge ${EDGE_VERSION}`,
      },
      births,
      bdSeqs,
      spool: this.#spool,
      replayPerSecond: config.spool.replayPerSecond,
      clock,
      entropy,
      log,
    });
  }

  get spoolStatus(): SpoolStatus {
    const { state, reason, samples, bytes, maxBytes, oldestMs, dropped } = this.#spool.health;
    const oldestAt = oldestMs === null ? null : Math.max(0, Math.trunc(oldestMs));
    return { state, reason: reason?.slice(0, 500) ?? null, samples, bytes, maxBytes, oldestAt, dropped };
  }

  /** Writes what waits until the signal aborts. The uplink runs by itself. */
  async runSpool(signal: AbortSignal): Promise<void> {
    await this.#spool.run(signal);
  }

  /** Keeps what is in doubt, to be sent again. To be called when uplink and cycles have ended. */
  close(): void {
    this.#spool.close();
  }
}
