/** The tables about material of one site, as far as a run of events touches them. */
import type {
  AuditTable,
  CampaignTable,
  ClosedMonthTable,
  ContainerTable,
  DocumentTable,
  InfeedTable,
  JournalTable,
  LotTable,
  OutputCodeTable,
  OutputTable,
  PartnerTable,
  RestartTable,
  ScaleLogTable,
  ShiftTable,
  ShipmentOutputTable,
  ShipmentTable,
  WeighingClaimTable,
} from '../material-tables.ts';
import type { AuditMisplacedTable } from '../../audits/audit-tables.ts';
import type { ShiftSignatureTable, StopCauseTable } from '../../stops/stop-tables.ts';
import type {
  ProgrammeApprovalTable,
  ProgrammeRequestTable,
  ProgrammeVersionTable,
} from '../../sort-programmes/programme-tables.ts';
import { HandSortedRows } from './hand-sorted-rows.ts';
import { AccountsBook } from './accounts-book.ts';
import { KeptRows } from './kept-rows.ts';

/** @returns one text for a key of several columns. */
export function keyText(...columns: readonly string[]): string {
  return columns.join('\n');
}

export class MaterialRows {
  readonly book = new AccountsBook();
  readonly handSorted = new HandSortedRows();

  readonly partners = new KeptRows<PartnerTable>(({ partner }) => partner);
  readonly containers = new KeptRows<ContainerTable>(({ container }) => container);
  readonly lots = new KeptRows<LotTable>(({ lot }) => lot);
  readonly outputs = new KeptRows<OutputTable>(({ output }) => output);
  readonly shipments = new KeptRows<ShipmentTable>(({ shipment }) => shipment);
  readonly shifts = new KeptRows<ShiftTable>(({ shift }) => shift);
  readonly campaigns = new KeptRows<CampaignTable>(({ campaign }) => campaign);
  readonly closedMonths = new KeptRows<ClosedMonthTable>(({ month }) => month);
  readonly restarts = new KeptRows<RestartTable>(({ line, boot }) => keyText(line, boot), 'groups');
  /** Written over, never looked at: the last one counts. */
  readonly stopCauses = new KeptRows<StopCauseTable>(({ line, stop }) => keyText(line, stop), 'groups');
  readonly shiftSignatures = new KeptRows<ShiftSignatureTable>(
    ({ shift, side }) => keyText(shift, side),
    'groups',
  );
  /** All of the lines that a step was taken on. */
  readonly programmeRequests = new KeptRows<ProgrammeRequestTable>(({ line }) => line, 'groups');
  readonly programmeApprovals = new KeptRows<ProgrammeApprovalTable>(({ line }) => line, 'groups');
  readonly claims = new KeptRows<WeighingClaimTable>(({ weighing }) => weighing);
  /** All of the lines that are touched. */
  readonly infeed = new KeptRows<InfeedTable>(({ line, account }) => keyText(line, account), 'groups');
  /** All of the outputs that get a label. */
  readonly codes = new KeptRows<OutputCodeTable>(({ output, code }) => keyText(output, code), 'groups');
  /** All of the shipments that are touched. */
  readonly loads = new KeptRows<ShipmentOutputTable>(
    ({ shipment, output }) => keyText(shipment, output),
    'groups',
  );

  /** Rows that are only ever added. */
  readonly journal: JournalTable[] = [];
  readonly audits: AuditTable[] = [];
  readonly auditMisplaced: AuditMisplacedTable[] = [];
  readonly scaleLog: ScaleLogTable[] = [];
  readonly documents: DocumentTable[] = [];
  /** What is there already stays. */
  readonly programmeVersions: ProgrammeVersionTable[] = [];

  /** @returns the outputs of a shipment. */
  loadsOf(shipment: string): ShipmentOutputTable[] {
    return this.loads.all().filter((load) => load.shipment === shipment);
  }

  /** @returns accounts at the infeed of a line, oldest first. */
  infeedOf(line: string): InfeedTable[] {
    return this.infeed
      .all()
      .filter((row) => row.line === line)
      .sort((a, b) => a.since - b.since || (a.account < b.account ? -1 : 1));
  }
}
