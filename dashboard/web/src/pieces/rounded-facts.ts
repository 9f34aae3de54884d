/** Figures of a piece as a person reads them: to a tenth, wherever that does not turn a reason around. Pure. */
import type { FailedTest } from '@trame/protocol/sort-programmes/decide-outlet';
import type { PieceFacts } from '@trame/protocol/sort-programmes/programme-inputs';

export function roundedFacts(facts: PieceFacts): PieceFacts {
  const { composition, errorPoints } = facts;
  const shares =
    composition === null
      ? null
      : Object.fromEntries(Object.entries(composition).map(([fibre, percent]) => [fibre, tenth(percent)]));
  return { ...facts, composition: shares, errorPoints: tenth(errorPoints) };
}

/** What lies just at a limit is told as exactly as it was measured: «83 %, sous la limite de 83 %» says nothing. */
export function roundedTest(failed: FailedTest): FailedTest {
  if (failed.why !== 'under' && failed.why !== 'not-under') return failed;
  const [measured, limit] = [tenth(failed.measured), tenth(failed.limit)];
  const isStill = failed.why === 'under' ? measured < limit : measured >= limit;
  const isEqualAnew = measured === limit && failed.measured !== failed.limit;
  return isStill && !isEqualAnew ? { ...failed, measured, limit } : failed;
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
