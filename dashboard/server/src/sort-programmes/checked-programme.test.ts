/** A programme that is hard to check holds up nobody, on both engines. */
import { checkProgramme } from '@trame/protocol/sort-programmes/check-programme';
import { describe, expect, it } from 'vitest';
import { openHeavyReads } from '../material/heavy-reads.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { intricateProgramme } from './test-programmes.ts';

/** Between two signs of life of this thread, ms. */
const TICK_MS = 10;

describe.each(RECORDS_ENGINES)('a check, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('says the same as on this thread, which goes on meanwhile', async () => {
    await using fresh = await freshRecords();
    const heavy = openHeavyReads(fresh.place, fresh.records);
    const programme = intricateProgramme();
    const outlets = ['effilochage', 'essuyage'];
    const names = { effilochage: 'Effilochage' };
    const beganAt = performance.now();
    const right = checkProgramme(programme, outlets, names);
    const tookMs = performance.now() - beganAt;
    expect(tookMs).toBeGreaterThan(5 * TICK_MS);
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), TICK_MS);
    try {
      expect(await heavy.ask('checkedProgramme', { programme, outlets, names })).toEqual(right);
    } finally {
      clearInterval(timer);
      await heavy.close();
    }
    expect(ticks).toBeGreaterThan(4);
  });
});
