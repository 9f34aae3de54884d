/** What audits found misplaced, by where it belongs. Follows from the events. */

export interface AuditMisplacedTable {
  site: string;
  /** Of the audit. */
  event: string;
  /** To which it belongs. */
  outlet: string;
  grams: number;
}

export interface AuditTables {
  audit_misplaced: AuditMisplacedTable;
}
