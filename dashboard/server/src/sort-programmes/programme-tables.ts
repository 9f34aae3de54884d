/** What the records keep of sort programmes: it follows from the events. */

/** Written once and never changed. */
export interface ProgrammeVersionTable {
  site: string;
  programme: string;
  version: number;
  hash: string;
  label: string;
  example: number;
  /** Of who saved it. */
  note: string;
  at: number;
  /** Opaque. */
  actorRef: string | null;
  event: string;
  /** Canonical JSON. */
  body: string;
}

/** What waits on a line for another account: one at a time. */
export interface ProgrammeRequestTable {
  site: string;
  line: string;
  programme: string;
  version: number;
  hash: string;
  note: string;
  at: number;
  /** Who asked; opaque. */
  actorRef: string | null;
  event: string;
}

/** What was approved last for a line. */
export interface ProgrammeApprovalTable {
  site: string;
  line: string;
  programme: string;
  version: number;
  hash: string;
  at: number;
  /** Who asked and who agreed, which may be one; opaque. */
  askedBy: string | null;
  approvedBy: string | null;
  event: string;
}

/** What a line said last that it follows. */
export interface FollowedProgrammeTable {
  site: string;
  line: string;
  /** Null: it follows something that no programme of ours could be called. */
  programme: string | null;
  version: number | null;
  /** Null: the line does not know it as one of ours. */
  hash: string | null;
  at: number;
  event: string;
}

/** They follow from what people do. */
export interface ProgrammeTables {
  programme_versions: ProgrammeVersionTable;
  programme_requests: ProgrammeRequestTable;
  programme_approvals: ProgrammeApprovalTable;
}

export interface FollowedTables {
  programmes_followed: FollowedProgrammeTable;
}
