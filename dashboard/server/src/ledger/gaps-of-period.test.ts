/** Losses of a long outage: more than a chart has room for. */
import { describe, expect, it } from 'vitest';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { GAPS_OF_PERIOD_MAX, gapsBetween } from './ledger-status.ts';
import { TEST_NOW_MS } from './test-ledger.ts';

const LINE = { site: 'caux', line: 'tri-1' };
const at = (index: number) => TEST_NOW_MS + index * 60_000;

describe.each(RECORDS_ENGINES)('losses of a period, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);

  it('are all told while there is room; past it the latest, and that there are others', async () => {
    await using it = await fresh();
    const { records } = it;
    for (let index = 0; index <= GAPS_OF_PERIOD_MAX; index += 1) {
      const row = { ...LINE, id: String(index), samples: 1, reason: 'spool-full' };
      const span = { fromAt: at(index), toAt: at(index) + 1_000 };
      await records
        .insertInto('telemetry_gaps')
        .values({ ...row, ...span })
        .execute();
    }
    const all = await gapsBetween(records, LINE, at(0), at(GAPS_OF_PERIOD_MAX));
    expect([all.truncated, all.gaps.length]).toEqual([false, GAPS_OF_PERIOD_MAX]);
    expect([all.gaps[0]?.from, all.gaps.at(-1)?.from]).toEqual([at(0), at(GAPS_OF_PERIOD_MAX - 1)]);
    const more = await gapsBetween(records, LINE, at(0), at(GAPS_OF_PERIOD_MAX + 1));
    expect([more.truncated, more.gaps.length]).toEqual([true, GAPS_OF_PERIOD_MAX]);
    expect([more.gaps[0]?.from, more.gaps.at(-1)?.from]).toEqual([at(1), at(GAPS_OF_PERIOD_MAX)]);
  });
});
