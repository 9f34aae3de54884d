/** Something wrong or doubtful in a configuration file, at the place where a person has to look. */
export interface Issue {
  readonly file: string;
  /** 1-based; 0 when the file could not be read at all. */
  readonly line: number;
  /** 1-based, in UTF-16 units; 0 when the file could not be read at all. */
  readonly column: number;
  /** `devices[1].tags[0].type`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
}

/** @returns `line.yaml:14:9 devices[1].tags[0].type: expected one of …, got …`. */
export function formatIssue(issue: Issue): string {
  const place = issue.line === 0 ? issue.file : `${issue.file}:${issue.line}:${issue.column}`;
  return issue.path === '' ? `${place}: ${issue.message}` : `${place} ${issue.path}: ${issue.message}`;
}

/** Order in which a person reads them: down the file. */
export function byPosition(a: Issue, b: Issue): number {
  return a.line - b.line || a.column - b.column;
}
