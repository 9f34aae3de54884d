/** What runs between the broker, the records and whoever asks by HTTP: made, run, and stopped together. */
import { findSession, sessionByHash } from './access/session-repository.ts';
import { buildApp } from './app.ts';
import type { ServerConfig } from './config/server-config.ts';
import type { HistoryStore } from './history/history-store.ts';
import { healthOf } from './http/health.ts';
import { addGauge } from './http/metrics.ts';
import type { TypedApp } from './http/typed-app.ts';
import { gapsBetween } from './ledger/ledger-status.ts';
import { createLivePath, type BrokerAddress, type LivePath } from './live-path.ts';
import type { Clock } from './ports/clock.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';
import type { Records } from './records/open-records.ts';
import { recordsAway } from './records/records-away.ts';
import type { RecordsClaim } from './records/records-claim.ts';
import { VERSION } from './version.ts';

export interface PartOptions {
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly records: Records;
  readonly claim: RecordsClaim;
  readonly history: HistoryStore;
  readonly broker: BrokerAddress;
}

export interface Parts {
  readonly app: TypedApp;
  readonly path: LivePath;
  stop(): Promise<void>;
}

export async function assemble(options: PartOptions): Promise<Parts> {
  const { config, clock, entropy, log, records, claim, history } = options;
  const ended = new AbortController();
  const path = await createLivePath(options);
  const { picture, hub, compositions, metrics } = path;
  addGauge(metrics.registry, 'trame_records_up', '1 while the records answer', () =>
    Number(claim.closed() === null),
  );
  const app = await buildApp({
    guard: { findSession: (token) => findSession(records, token, clock.nowMs()) },
    session: { ...config, records, clock, entropy, log },
    live: {
      hub,
      clock,
      sessionStands: (hash) => sessionStands(records, hash, clock.nowMs()),
    },
    history: {
      history,
      picture,
      clock,
      gaps: (tag, fromMs, toMs) => gapsBetween(records, tag, fromMs, toMs),
    },
    tonnage: {
      records,
      clock,
      dayOf: path.dayOf,
      compositionOf: (line, outlet) => compositions.of(line, outlet),
    },
    health: {
      health: () => healthOf(picture, history.stats(), path.link.isUp, claim.closed() === null),
      metrics: async () => ({ type: metrics.registry.contentType, text: await metrics.registry.metrics() }),
    },
    records,
    picture,
    webDir: config.webDir,
    version: VERSION,
    log,
  });
  const running = Promise.all([path.run(ended.signal), claim.run(ended.signal)]);
  return {
    app,
    path,
    stop: async () => {
      await path.link.stop();
      hub.close();
      ended.abort();
      await running;
    },
  };
}

/** Who was let in keeps seeing the live picture while the records are away; it is asked again a little later. */
async function sessionStands(records: Records, tokenHash: string, nowMs: number): Promise<boolean> {
  try {
    return (await sessionByHash(records, tokenHash, nowMs)) !== null;
  } catch (error) {
    if (recordsAway(error) !== null) return true;
    throw error;
  }
}
