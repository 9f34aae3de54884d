/** Bales that presses gave out and nobody logged yet, as their presses tell. */
import type { BaleProposal } from '@trame/protocol/control/control-answers';
import type { Reference } from '../material/reference.ts';
import type { Records } from '../records/open-records.ts';
import type { PressProposalTable } from '../commands/command-tables.ts';
import { weighings } from '../weighings/weighing-repository.ts';
import { nearWeighings, WEIGHED_AFTER_MS, WEIGHED_BEFORE_MS } from './near-weighings.ts';

/** What nobody logged for so long, nobody logs from the kiosk any more, ms. */
export const PROPOSAL_MS = 12 * 3_600_000;
/** More at once is a press that nobody logs: the latest are shown. */
const PROPOSALS_MAX = 50;
const WEIGHINGS_MAX = 500;

export interface ProposalQuery {
  readonly site: string;
  /** Null: of all presses. */
  readonly press: string | null;
  readonly nowMs: number;
}

/** @returns open proposals, the oldest first. */
export async function openProposals(
  records: Records,
  { presses }: Pick<Reference, 'presses'>,
  query: ProposalQuery,
): Promise<BaleProposal[]> {
  const rows = (await notLogged(records, query)).toReversed();
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return [];
  const near = await weighings(records, {
    line: null,
    scale: null,
    unclaimed: true,
    fromMs: first.at - WEIGHED_BEFORE_MS,
    toMs: last.at + WEIGHED_AFTER_MS + 1,
    after: null,
    limit: WEIGHINGS_MAX,
  });
  const scales = new Map(presses.map(({ id, scale }) => [id, scale]));
  const found = nearWeighings(rows, near, ({ site, line, press }, weighing) => {
    if (weighing.site !== site || weighing.use !== 'bale') return false;
    const scale = scales.get(press) ?? null;
    return scale === null ? weighing.line === line : weighing.scale === scale;
  });
  return rows.map(({ id, line, press, outlet, at, missed }) => {
    return { id, line, press, outlet, at, missed, weighing: found.get(id) ?? null };
  });
}

/**
 * A proposal is closed by the output that names it, and by any that names none and was started at its press, for its
 * outlet, after it; or was just in the press when it was given out, and was weighed since.
 */
function notLogged(records: Records, { site, press, nowMs }: ProposalQuery): Promise<PressProposalTable[]> {
  let select = records
    .selectFrom('press_proposals')
    .selectAll()
    .where('site', '=', site)
    .where('at', '>=', nowMs - PROPOSAL_MS)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('outputs')
            .select('outputs.output')
            .whereRef('outputs.site', '=', 'press_proposals.site')
            .whereRef('outputs.proposal', '=', 'press_proposals.id')
            .where('outputs.proposal', 'is not', null)
            .where('outputs.status', '<>', 'voided'),
        ),
      ),
    )
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('outputs')
            .select('outputs.output')
            .whereRef('outputs.site', '=', 'press_proposals.site')
            .whereRef('outputs.line', '=', 'press_proposals.line')
            .whereRef('outputs.press', '=', 'press_proposals.press')
            .where('outputs.proposal', 'is', null)
            .where('outputs.status', '<>', 'voided')
            .where('outputs.startedAt', '>=', nowMs - 2 * PROPOSAL_MS)
            .where((output) =>
              output.or([
                output('outputs.startedAt', '>=', output.ref('press_proposals.at')),
                output('outputs.weighedAt', '>=', output.ref('press_proposals.at')),
              ]),
            )
            .where((output) =>
              output.or([
                output('press_proposals.outlet', 'is', null),
                output('outputs.outlet', '=', output.ref('press_proposals.outlet')),
              ]),
            ),
        ),
      ),
    );
  if (press !== null) select = select.where('press', '=', press);
  return select.orderBy('at', 'desc').orderBy('id', 'desc').limit(PROPOSALS_MAX).execute();
}
