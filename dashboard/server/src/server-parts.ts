/** What runs between the broker, the records and whoever asks by HTTP: made, run, and stopped together. */
import { KnownSessions } from './access/known-sessions.ts';
import { sessionByHash, type OpenSession } from './access/session-repository.ts';
import { ResidualWatch } from './alarms/residual-watch.ts';
import { buildApp } from './app.ts';
import { lengthMs, type Interval } from './calendar/intervals.ts';
import { openHoursOf } from './calendar/open-of-line.ts';
import { OpeningCalendar } from './calendar/open-hours.ts';
import { actorRefOf } from './commands/actor-repository.ts';
import { commandKey } from './commands/command-key.ts';
import { keepErasing } from './commands/erase-old.ts';
import { CommandSender } from './commands/command-sender.ts';
import { ControlSender } from './commands/control-sender.ts';
import { QuestionSender } from './commands/question-sender.ts';
import type { ServerConfig } from './config/server-config.ts';
import { releaseLines } from './control/release-lines.ts';
import { joinGaps } from './history/join-gaps.ts';
import type { HistoryRouteOptions } from './history/history-routes.ts';
import type { HistoryStore } from './history/history-store.ts';
import type { HealthSources } from './health/health-overview.ts';
import { healthOf } from './http/health.ts';
import { addGauge } from './http/metrics.ts';
import type { TypedApp } from './http/typed-app.ts';
import { GAPS_OF_PERIOD_MAX, gapsBetween, ledgerStatus } from './ledger/ledger-status.ts';
import { createLivePath, type BrokerAddress, type LivePath } from './live-path.ts';
import { openHeavyReads } from './material/heavy-reads.ts';
import { openMaterial } from './material/open-material.ts';
import type { Clock } from './ports/clock.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';
import type { ProgrammeCarrier } from './ports/programme-carrier.ts';
import type { Records } from './records/open-records.ts';
import { recordsAway } from './records/records-away.ts';
import type { RecordsClaim } from './records/records-claim.ts';
import { openSorting } from './server-sorting.ts';
import type { TimeRules } from './stops/line-time.ts';
import { stopRules } from './stops/stop-config.ts';
import { targetsOf } from './trs/target-config.ts';
import { freeSpace } from './system/free-space.ts';
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
  /** Tells lines which programme was approved; left out: the server itself does. */
  readonly carrier?: ProgrammeCarrier | undefined;
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
  const { sender, questions } = await openSenders(options, path);
  const asksLines = asksLinesOf(config);
  const sessions = new KnownSessions({ records, clock });
  const control = openControl(options, path, { sender, questions, sessions });
  const heavy = openHeavyReads(config, records);
  const sorting = openSorting({ ...options, ...control.asking, board: path.ledger.board, asksLines });
  const material = await openMaterial({ ...options, carrier: sorting.carrier, path, sender, heavy });
  const residuals = new ResidualWatch({ records, heavy, sender, clock, log, dayOf: path.dayOf });
  const app = await buildApp({
    guard: sessions,
    session: { ...config, records, clock, entropy, log, signedOut: control.signedOut },
    live: {
      hub,
      clock,
      sessionStands: (hash) => sessionStands(records, hash, clock.nowMs()),
    },
    history: { history, picture, clock, gaps: gapsOf(records, history) },
    tonnage: {
      heavy,
      clock,
      dayOf: path.dayOf,
      compositionOf: (line, outlet) => compositions.of(line, outlet),
    },
    health: {
      health: () => healthOf(picture, history.stats(), path.link.isUp, claim.closed() === null),
      metrics: async () => ({ type: metrics.registry.contentType, text: await metrics.registry.metrics() }),
    },
    records,
    ledger: {
      records,
      clock,
      actorRefOf: control.actorRefOf,
      changed: (address) => path.ledger.consumer.changed(address),
    },
    commands: control.commands,
    items: sorting.items,
    alarms: { sender: asksLines ? sender : null, openMs: openMsOf(options) },
    stops: {
      timeRules: () => timeRulesOf(options, path),
      targetsOf: (line) => targetsOf(config.targets, line),
      disposalOf: (line) => disposalOf(path, line),
    },
    overview: overviewSources(options, path),
    material: { ...material, desk: asksLines ? material.desk : null },
    labels: {
      records,
      reference: material.reference,
      nowMs: () => clock.nowMs(),
      timeZone: config.timeZone,
    },
    heavy,
    saidCompositions: () => compositions.all(),
    picture,
    webDir: config.webDir,
    version: VERSION,
    log,
  });
  const running = Promise.all([
    path.run(ended.signal),
    claim.run(ended.signal),
    sorting.run(ended.signal),
    ...(asksLines ? [residuals.run(ended.signal)] : []),
    control.run(ended.signal),
    keepErasing({ records, keepMonths: config.actorsKeepMonths, clock, log, signal: ended.signal }),
  ]);
  return {
    app,
    path,
    stop: async () => {
      // What the desk waits for is the sender's to give up.
      const deskStopped = material.stop();
      await sender.stop();
      await Promise.all([deskStopped, sorting.stop()]);
      await heavy.close();
      await path.link.stop();
      hub.close();
      ended.abort();
      await running;
    },
  };
}

/** How long a line was open in a period, ms; null: nobody says. */
function openMsOf({ config, records, clock }: PartOptions) {
  const calendar = config.calendar === null ? null : new OpeningCalendar(config.calendar, config.timeZone);
  return async (line: string | null, period: Interval): Promise<number | null> => {
    const { open } = await openHoursOf(records, calendar, { line, period, nowMs: clock.nowMs() });
    return calendar === null && open.length === 0 ? null : lengthMs(open);
  };
}

/** @throws StartError when the key of the server cannot be read. */
async function openSenders(options: PartOptions, { link, ledger, metrics }: LivePath) {
  const { config, records, clock, entropy, log } = options;
  const key = commandKey(config.dataDir, entropy);
  const channel = {
    publish: (topic: string, payload: string) => link.publish(topic, payload, 1),
    onReply: ledger.inbox.onReply.bind(ledger.inbox),
  };
  const { board } = ledger;
  const sender = new CommandSender({ records, board, channel, key, clock, entropy, log });
  const questions = new QuestionSender({ board, channel, key, clock, entropy });
  addGauge(
    metrics.registry,
    'trame_commands_waiting',
    'Requests that wait for an edge',
    () => sender.inFlight,
  );
  await sender.load();
  return { sender, questions };
}

/** What the ledgers tell of lost telemetry, and what the history itself lost. */
function gapsOf(records: Records, history: HistoryStore): HistoryRouteOptions['gaps'] {
  return async (tag, fromMs, toMs) => {
    const own = history.gaps(tag, fromMs, toMs, GAPS_OF_PERIOD_MAX + 1);
    return joinGaps(await gapsBetween(records, tag, fromMs, toMs), own, GAPS_OF_PERIOD_MAX);
  };
}

/** From a region no line is asked for anything: neither by people nor by the server itself. */
function asksLinesOf({ role }: ServerConfig): boolean {
  return role !== 'region';
}

interface AskingParts {
  readonly sender: CommandSender;
  readonly questions: QuestionSender;
  readonly sessions: KnownSessions;
}

/** How lines are asked from here; from a region nobody asks. */
function openControl(
  { config, records, clock, entropy, log }: PartOptions,
  path: LivePath,
  { sender, questions, sessions }: AskingParts,
) {
  const { picture, ledger } = path;
  const refOf = (login: string) => actorRefOf(records, login, clock.nowMs(), entropy);
  const control = new ControlSender({ records, sender, board: ledger.board, clock, entropy, log });
  const senders = asksLinesOf(config) ? { records: sender, control } : null;
  const release = { picture, sender: senders?.control ?? null, actorRefOf: refOf, entropy, log };
  const sitesHere = (line: string) => sitesOf(path, line);
  return {
    actorRefOf: refOf,
    asking: { sender, questions, sitesOf: sitesHere, actorRefOf: refOf },
    run: (signal: AbortSignal) => control.run(signal),
    signedOut: ({ tokenHash, login }: OpenSession) => {
      sessions.forget(tokenHash);
      return releaseLines(release, login);
    },
    commands: {
      senders,
      sitesOf: sitesHere,
      consoles: config.consoles,
      records,
      clock,
    },
  };
}

function sitesOf({ picture, ledger }: LivePath, line: string): readonly string[] {
  const shown = Object.hasOwn(picture.state.lines, line) ? picture.line(line) : null;
  const heard = ledger.board.all().filter((heartbeat) => heartbeat.line === line);
  return [...new Set([...(shown === null ? [] : [shown.site]), ...heard.map(({ site }) => site)])].sort();
}

/** Outlets whose material can only be disposed of, as their line describes them. */
function disposalOf({ picture }: LivePath, line: string): readonly string[] {
  const live = Object.hasOwn(picture.state.lines, line) ? picture.line(line) : null;
  const outlets = live?.description.outlets ?? [];
  return outlets.filter(({ route }) => route === 'disposal').map(({ id }) => id);
}

/** How the time of lines is judged now. */
function timeRulesOf({ config, clock }: PartOptions, { ledger }: LivePath): TimeRules {
  const alive = ledger.board.all().map(({ line, receivedAtMs }) => ({ line, at: receivedAtMs }));
  const { calendar, timeZone, stops } = config;
  return { stops: stopRules(stops), calendar, timeZone, alive, nowMs: clock.nowMs() };
}

function overviewSources(options: PartOptions, { picture, ledger }: LivePath): HealthSources {
  const { config, records, clock, history } = options;
  const { consumer, board } = ledger;
  return {
    config,
    records,
    clock,
    ledgers: () => {
      const isWaiting = consumer.isWaiting.bind(consumer);
      return ledgerStatus({ records, board, isWaiting, nowMs: clock.nowMs() });
    },
    recordsAway: () => consumer.isAway,
    lines: () => Object.values(picture.state.lines),
    history: () => history.stats(),
    gaps: (line, limit) => history.gaps(line, 0, Number.MAX_SAFE_INTEGER, limit),
    freeBytes: () => freeSpace(config.dataDir),
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
