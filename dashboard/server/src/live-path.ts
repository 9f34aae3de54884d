/** From the broker to the live picture, the history and the tonnage: the parts of the live path, wired. */
import type { LineDescription } from '@trame/protocol/line-description';
import type { ServerConfig } from './config/server-config.ts';
import type { HistoryStore } from './history/history-store.ts';
import { createMetrics, type ServerMetrics } from './http/metrics.ts';
import { HostLink, type HostLinkOptions } from './ingest/host-link.ts';
import { Ingester } from './ingest/ingester.ts';
import { EMPTY_DESCRIPTION, parseDescription } from './ingest/line-description.ts';
import { LiveHub } from './live/live-hub.ts';
import { LivePicture } from './live/picture.ts';
import type { Clock } from './ports/clock.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';
import { knownLines, rememberLine } from './records/line-repository.ts';
import type { Records } from './records/open-records.ts';
import { Compositions } from './tonnage/compositions.ts';
import { localDayIn } from './tonnage/local-day.ts';
import { outletTotals } from './tonnage/outlet-total.ts';
import { TonnageCounter } from './tonnage/tonnage-counter.ts';

/** How the broker is reached. */
export type BrokerAddress = Pick<HostLinkOptions, 'url' | 'username' | 'password' | 'ca' | 'version'>;

export interface LivePathOptions {
  readonly config: ServerConfig;
  readonly records: Records;
  readonly history: HistoryStore;
  readonly broker: BrokerAddress;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export interface LivePath {
  readonly picture: LivePicture;
  readonly hub: LiveHub;
  readonly link: HostLink;
  readonly compositions: Compositions;
  readonly metrics: ServerMetrics;
  readonly dayOf: (timeMs: number) => string;
  /** Keeps timers going; counts what is left when the signal aborts, then resolves. */
  run(signal: AbortSignal): Promise<void>;
}

/** Makes the parts and shows the lines known from before; the link is started by whoever owns it. */
export async function createLivePath(options: LivePathOptions): Promise<LivePath> {
  const { config, records, history, broker, clock, entropy, log } = options;
  const picture = new LivePicture();
  const hub = new LiveHub({ picture, clock, epoch: Buffer.from(entropy.bytes(8)).toString('hex') });
  const compositions = new Compositions();
  const dayOf = localDayIn(config.timeZone);
  const metrics = createMetrics({
    picture,
    history: () => history.stats(),
    listeners: () => hub.clientCount,
    linkUp: () => link.isUp,
  });
  const counter = new TonnageCounter({ records, clock, log, dayOf, onReset: () => metrics.resets.inc() });
  const ingester = new Ingester(
    {
      picture,
      pictureChanged: () => hub.changed(),
      history: (samples) => history.append(samples),
      readings: (site, line, device, readings) => counter.add(outletTotals(site, line, device, readings)),
      described: (site, line, description) => {
        compositions.describe(line, description);
        remember(options, site, line, description);
      },
      askRebirth: (site, line) => {
        metrics.rebirths.inc();
        link.askRebirth(site, line);
      },
      rejected: (reason, count) => metrics.rejected.inc({ reason }, count),
      received: (type) => metrics.received.inc({ type }),
    },
    clock,
    log,
  );
  const link: HostLink = new HostLink({
    ...broker,
    hostId: config.hostId,
    clock,
    entropy,
    log,
    onMessage: (topic, payload, retained) => ingester.message(topic, payload, retained),
    onMessageFailed: () => metrics.rejected.inc({ reason: 'failure' }),
    onUp: () => ingester.linkUp(),
    onLost: () => ingester.linkLost(),
  });
  await showKnownLines(options, picture, compositions, ingester);
  return {
    picture,
    hub,
    link,
    compositions,
    metrics,
    dayOf,
    run: async (signal) => {
      await Promise.all([ingester.run(signal), counter.run(signal), hub.run()]);
    },
  };
}

async function showKnownLines(
  { records, clock }: LivePathOptions,
  picture: LivePicture,
  compositions: Compositions,
  ingester: Ingester,
): Promise<void> {
  for (const { site, line, description } of await knownLines(records)) {
    const read = parseDescription(description);
    const known = read.kind === 'described' ? read.description : EMPTY_DESCRIPTION;
    compositions.describe(line, known);
    picture.addLine(site, line, clock.nowMs(), known);
    ingester.expect(site, line);
  }
}

function remember(
  { records, clock, log }: LivePathOptions,
  site: string,
  line: string,
  description: LineDescription,
): void {
  rememberLine(records, site, line, description, clock.nowMs()).catch((error: unknown) => {
    log.error(
      { line, reason: error instanceof Error ? error.message : String(error) },
      'line not remembered',
    );
  });
}
