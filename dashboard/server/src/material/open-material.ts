/** What the server keeps of material, composed: what the site says of itself, and the desk where acts are done. */
import { actorRefOf } from '../commands/actor-repository.ts';
import type { CommandSender } from '../commands/command-sender.ts';
import type { ServerConfig } from '../config/server-config.ts';
import { addGauge } from '../http/metrics.ts';
import { heldLines } from '../ledger/line-sites.ts';
import type { LivePath } from '../live-path.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import type { ProgrammeCarrier } from '../ports/programme-carrier.ts';
import type { Records } from '../records/open-records.ts';
import { EMPTY_DESCRIPTION } from '../ingest/line-description.ts';
import { Counter, type Registry } from 'prom-client';
import type { PrinterState } from '../labels/raw-printer.ts';
import { carryApproved } from '../sort-programmes/carry-approved.ts';
import { APPROVALS_DEFAULT } from '../sort-programmes/programme-config.ts';
import { stopRules } from '../stops/stop-config.ts';
import { freeSpace } from '../system/free-space.ts';
import { Printers } from '../labels/printers.ts';
import { printLabels } from './act-labels.ts';
import { DocumentStore } from './document-store.ts';
import type { HeavyReads } from './heavy-reads.ts';
import { MaterialDesk } from './material-desk.ts';
import { buildReference, bookKeeperOf, printersOf, type LineFacts } from './reference-builder.ts';
import { tellsInput } from './reference-answer.ts';
import { seenScales } from './reference-scales.ts';
import type { Reference } from './reference.ts';

export interface MaterialOptions {
  readonly config: Pick<
    ServerConfig,
    'site' | 'installation' | 'material' | 'stops' | 'sortProgrammes' | 'dataDir' | 'timeZone'
  >;
  readonly records: Records;
  readonly path: Pick<LivePath, 'picture' | 'ledger' | 'metrics' | 'dayOf'>;
  readonly sender: CommandSender;
  readonly heavy: HeavyReads;
  /** Tells lines which sort programme was approved; left out: nobody tells them. */
  readonly carrier?: ProgrammeCarrier | undefined;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export interface MaterialParts {
  readonly desk: MaterialDesk;
  readonly documents: DocumentStore;
  /** Null: nobody said whose ledger keeps the book. */
  readonly reference: () => Promise<Reference | null>;
  readonly printers: Printers;
  /** Pixels an inch of the kiosks' screens; null: not stated. */
  readonly kioskDpi: number | null;
  /** Gives up what is waited for. Requests to lines are their sender's to give up, at the same time. */
  stop(): Promise<void>;
}

export async function openMaterial(options: MaterialOptions): Promise<MaterialParts> {
  const { config, records, path, sender, heavy, carrier, clock, entropy, log } = options;
  const { registry } = path.metrics;
  const reference = () => findReference(options);
  const acts = new Counter({
    name: 'trame_material_acts_total',
    help: 'Acts about material: done, replayed, or the code of why not',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const printers = new Printers({ printers: printersOf(config.material), clock, log });
  addPrinterGauges(registry, printers);
  const desk = new MaterialDesk({
    records,
    sender,
    news: path.ledger.news,
    reference,
    actorRefOf: (login) => actorRefOf(records, login, clock.nowMs(), entropy),
    dayOf: path.dayOf,
    checkProgramme: (programme, outlets, names) =>
      heavy.ask('checkedProgramme', { programme, outlets, names }),
    clock,
    log,
    counted: (outcome) => acts.inc({ outcome }),
    afterwards: async (recorded, known) => [
      ...(await printLabels({ records, printers, timeZone: config.timeZone }, recorded, known)),
      ...(await carryApproved({ records, carrier: carrier ?? null, log }, recorded)),
    ],
  });
  const documents = new DocumentStore({
    dataDir: config.dataDir,
    records,
    entropy,
    nowMs: () => clock.nowMs(),
    freeBytes: () => freeSpace(config.dataDir),
  });
  await documents.open();
  addGauge(registry, 'trame_material_acts_waiting', 'Acts that wait or are being done', () => desk.waiting);
  return {
    desk,
    documents,
    reference,
    printers,
    kioskDpi: config.material.kiosk?.dpi ?? null,
    stop: async () => {
      await desk.stop();
      await printers.stop();
    },
  };
}

function addPrinterGauges(registry: Registry, printers: Printers): void {
  const sumOf = (read: (state: PrinterState) => number) => () =>
    printers.states().reduce((sum, state) => sum + read(state), 0);
  addGauge(
    registry,
    'trame_labels_waiting',
    'Labels that wait for their printer',
    sumOf((one) => one.waiting),
  );
  addGauge(
    registry,
    'trame_labels_printed',
    'Labels printed since start',
    sumOf((one) => one.printed),
  );
  addGauge(
    registry,
    'trame_labels_given_up',
    'Labels given up since start',
    sumOf((one) => one.givenUp),
  );
}

async function findReference({ config, records, path }: MaterialOptions): Promise<Reference | null> {
  const facts = { ownSite: config.site, lines: await lineFacts(records, path) };
  const keeper = bookKeeperOf(config.material, facts);
  if (keeper === null) return null;
  const seen = await seenScales(records, keeper.site);
  return buildReference(config.material, {
    ...facts,
    installation: config.installation,
    stopCauses: stopRules(config.stops).causes,
    programmeApprovals: config.sortProgrammes.approvals ?? APPROVALS_DEFAULT,
    scales: () => seen,
  });
}

/** Lines that are drawn, that have a ledger here, or that say how they are: a line of hands may have no device to draw. */
async function lineFacts(
  records: Records,
  { picture, ledger }: MaterialOptions['path'],
): Promise<LineFacts[]> {
  const counted = await countedInputs(records);
  const facts = new Map<string, LineFacts>();
  for (const live of Object.values(picture.state.lines)) {
    const { site, line, description } = live;
    const countsInfeed = tellsInput(live) || counted.has(`${site}/${line}`);
    facts.set(`${site}/${line}`, { site, line, description, countsInfeed });
  }
  for (const { site, line } of [...(await heldLines(records)), ...ledger.board.all()]) {
    const key = `${site}/${line}`;
    if (facts.has(key)) continue;
    facts.set(key, { site, line, description: EMPTY_DESCRIPTION, countsInfeed: counted.has(key) });
  }
  return [...facts.values()];
}

/** Lines whose ledger counted what went in. */
async function countedInputs(records: Records): Promise<ReadonlySet<string>> {
  const rows = await records
    .selectFrom('edge_totals')
    .select(['site', 'line'])
    .where('counter', '=', 'input')
    .execute();
  return new Set(rows.map(({ site, line }) => `${site}/${line}`));
}
