/** From the broker to the live picture, the history and the ledger: the parts of the live path, wired. */
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { LineDescription } from '@trame/protocol/line-description';
import { CONSUMER_SUBSCRIPTIONS } from '@trame/protocol/topics';
import { AlarmBoard } from './alarms/alarm-board.ts';
import type { ServerConfig } from './config/server-config.ts';
import type { HistoryStore } from './history/history-store.ts';
import { createMetrics, type ServerMetrics } from './http/metrics.ts';
import { HostLink, type HostLinkOptions } from './ingest/host-link.ts';
import { Ingester } from './ingest/ingester.ts';
import { EMPTY_DESCRIPTION, parseDescription } from './ingest/line-description.ts';
import { HeartbeatBoard } from './ledger/heartbeat-board.ts';
import { heldLines, LineSites } from './ledger/line-sites.ts';
import { LedgerConsumer } from './ledger/ledger-consumer.ts';
import { addLedgerMetrics } from './ledger/ledger-metrics.ts';
import { LedgerNews } from './ledger/ledger-news.ts';
import { RecordsLedgerStore } from './ledger/records-ledger-store.ts';
import { TrameInbox, type TrameInboxOptions } from './ledger/trame-inbox.ts';
import { CONTROL_REVISION_MS } from './live/limits.ts';
import { LiveHub } from './live/live-hub.ts';
import { LivePicture } from './live/picture.ts';
import type { Clock } from './ports/clock.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';
import { knownLines, rememberLine } from './records/line-repository.ts';
import type { Records } from './records/open-records.ts';
import { Compositions } from './tonnage/compositions.ts';
import { localDayIn } from './tonnage/local-day.ts';

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
  readonly ledger: LedgerPath;
  readonly compositions: Compositions;
  readonly metrics: ServerMetrics;
  readonly dayOf: (timeMs: number) => string;
  /** Keeps timers going; counts what is left when the signal aborts, then resolves. */
  run(signal: AbortSignal): Promise<void>;
}

/** The ledgers' side of the path. */
export interface LedgerPath {
  readonly consumer: LedgerConsumer;
  readonly board: HeartbeatBoard;
  readonly inbox: TrameInbox;
  /** Told of all that is stored. */
  readonly news: LedgerNews;
}

/** Makes the parts and shows the lines known from before; the link is started by whoever owns it. */
export async function createLivePath(options: LivePathOptions): Promise<LivePath> {
  const { config, history, broker, clock, entropy, log } = options;
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
  const sites = new LineSites(config.site, await heldLines(options.records));
  const alarms = new AlarmBoard({ ...options, picture, pictureChanged: () => hub.changed() });
  const ledger = createLedgerPath(options, {
    dayOf,
    metrics,
    sites,
    alarms,
    publish: (topic, payload) => {
      link.publish(topic, payload, 0);
    },
    control: ({ site, line }, said) => {
      if (picture.setControl(site, line, said, clock.nowMs())) hub.changed(CONTROL_REVISION_MS);
    },
  });
  const ingester = new Ingester(
    {
      picture,
      pictureChanged: () => hub.changed(),
      history: (samples) => history.append(samples),
      isForeign: (site, line) => sites.isForeign({ site, line }),
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
    subscriptions: CONSUMER_SUBSCRIPTIONS,
    onMessage: (topic, payload, retained) => {
      if (!ledger.inbox.message(topic, payload, retained)) ingester.message(topic, payload, retained);
    },
    onMessageFailed: () => metrics.rejected.inc({ reason: 'failure' }),
    onUp: () => {
      ingester.linkUp();
      ledger.consumer.linkUp();
    },
    onLost: () => ingester.linkLost(),
  });
  await showKnownLines(options, picture, compositions, ingester);
  await alarms.show();
  return {
    picture,
    hub,
    link,
    ledger,
    compositions,
    metrics,
    dayOf,
    run: async (signal) => {
      await Promise.all([ingester.run(signal), ledger.consumer.run(signal), hub.run(), alarms.run(signal)]);
    },
  };
}

interface LedgerPathOptions extends Pick<TrameInboxOptions, 'control'> {
  readonly dayOf: (atMs: number) => string;
  readonly metrics: ServerMetrics;
  readonly sites: LineSites;
  readonly alarms: AlarmBoard;
  readonly publish: (topic: string, payload: string) => void;
}

function createLedgerPath(
  { config, records, clock, log }: LivePathOptions,
  { dayOf, metrics, sites, alarms, publish, control }: LedgerPathOptions,
): LedgerPath {
  const board = new HeartbeatBoard();
  const news = new LedgerNews(clock);
  const consumer: LedgerConsumer = new LedgerConsumer({
    consumer: config.hostId,
    store: new RecordsLedgerStore(records, dayOf, config.site),
    clock,
    log,
    publish,
    onStored: (address, events) => {
      sites.hold(address);
      metrics.resets.inc(wentBack(events));
      alarms.stored(events);
      news.tell();
    },
    onRefused: (_address, code) => ledgerMetrics.refused.inc({ code }),
  });
  const ledgerMetrics = addLedgerMetrics(metrics.registry, consumer);
  const inbox = new TrameInbox({
    consumer,
    board,
    clock,
    isForeign: (address) => sites.isForeign(address),
    control,
    rejected: (reason) => metrics.rejected.inc({ reason }),
  });
  return { consumer, board, inbox, news };
}

function wentBack(events: readonly LedgerEvent[]): number {
  return events.filter(({ type }) => type === 'total.wentBack').length;
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
