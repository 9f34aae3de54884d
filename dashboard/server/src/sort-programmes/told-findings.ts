/** Findings of a check as answers hold them. */
import type { ToldFinding } from '@trame/protocol/sort-programmes/programme-finding';
import type { ProgrammeFinding } from '@trame/protocol/sort-programmes/sort-programme';

/** More are more than anybody reads at once; the worst come first. */
export const FINDINGS_TOLD_MAX = 200;

export function toldFindings(findings: readonly ProgrammeFinding[]): ToldFinding[] {
  return findings.slice(0, FINDINGS_TOLD_MAX).map((finding) => ({ ...finding, about: [...finding.about] }));
}
