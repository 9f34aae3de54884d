/** What may be asked of the thread of large questions: each takes and gives plain data. */
import { alarmKpiOf } from '../alarms/alarm-kpi-query.ts';
import { auditPlanOf } from '../audits/audit-plan-query.ts';
import { auditRowsOf } from '../audits/audit-query.ts';
import { balanceOf } from '../balance/balance-query.ts';
import { lineBalance } from '../balance/work-balance.ts';
import { fractionsOf } from '../classification/fraction-query.ts';
import { outputCompositionOf } from '../classification/output-composition-query.ts';
import { ancestryOf, descendantsOf } from '../genealogy/genealogy-query.ts';
import { andonOf } from '../shift-log/andon-query.ts';
import { lotClassOf } from '../lot-class/lot-class-query.ts';
import { shiftLogOf } from '../shift-log/shift-log-query.ts';
import { checkedProgramme } from '../sort-programmes/checked-programme.ts';
import { stopParetoOf, stopRowsOf } from '../stops/stop-query.ts';
import { sortedByOrigin } from '../tonnage/sorted-by-origin.ts';
import { trsOf } from '../trs/trs-query.ts';
import { sortedBetween } from '../tonnage/tonnage-repository.ts';

export const HEAVY_QUERIES = {
  balanceOf,
  ancestryOf,
  descendantsOf,
  sortedBetween,
  sortedByOrigin,
  alarmKpiOf,
  lineBalance,
  stopRowsOf,
  stopParetoOf,
  trsOf,
  shiftLogOf,
  andonOf,
  checkedProgramme,
  fractionsOf,
  outputCompositionOf,
  auditRowsOf,
  auditPlanOf,
  lotClassOf,
} as const;
export type HeavyQueries = typeof HEAVY_QUERIES;
export type HeavyName = keyof HeavyQueries;
