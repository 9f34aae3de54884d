/** The line that a query names. */
import type { Reference } from '../material/reference.ts';
import { isKnownLine } from '../records/line-repository.ts';
import type { Records } from '../records/open-records.ts';
import { RequestProblem } from './problem.ts';

export interface LineKnowledge {
  readonly records: Records;
  /** What the site says of itself now; null: whose server this is, is not known yet. */
  readonly reference: () => Promise<Pick<Reference, 'lines'> | null>;
}

/**
 * A typing error must not read as a line without alarms or stops. A line that was heard and told nothing yet is one.
 * @param line undefined: all of them. @throws RequestProblem when there is no such line.
 */
export async function checkLine(
  { records, reference }: LineKnowledge,
  line: string | undefined,
): Promise<void> {
  if (line === undefined || (await isKnownLine(records, line))) return;
  if ((await reference())?.lines.includes(line) !== true) throw new RequestProblem('unknown-line');
}
