/** What presses gave out is proposed until somebody logs it. */
import type { BaleProposals } from '@trame/protocol/control/control-answers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEST_NOW_MS } from '../ledger/test-ledger.ts';
import { rebuildProjections } from '../ledger/rebuild-projections.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { materialReading, type MaterialReading } from '../testing/test-material-reading.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { logBale } from './log-bale.ts';
import { nearWeighings, WEIGHED_AFTER_MS, WEIGHED_BEFORE_MS } from './near-weighings.ts';
import { PROPOSAL_MS } from './proposal-repository.ts';
import { pressBale } from './press-bale.ts';
import { voidBale } from './void-bale.ts';
import { weighBale } from './weigh-bale.ts';

const MINUTE_MS = 60_000;
const PRESS = { press: 'presse-1', outlet: 'essuyage' };
const hourAgo = TEST_NOW_MS - 3_600_000;

/** An event of a press, told at that time. */
const eject = (it: MaterialReading, at: number, changes: object = {}) =>
  it.site.tell('press.ejected', { ...PRESS, bales: 41, missed: 0, ...changes }, at);

const isNear = (afterMs: number) => afterMs >= -WEIGHED_BEFORE_MS && afterMs <= WEIGHED_AFTER_MS;

const proposals = async (it: MaterialReading, query = '') =>
  (await it.read<BaleProposals>(`/bales/proposals${query}`, 'operator')).rows;

describe.each(RECORDS_ENGINES)('a bale that a press gave out, with records on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);
  const begun = async () => materialReading(await fresh());

  it('is proposed with its outlet and the weighing that is nearest in time and nobody’s', async () => {
    await using reading = await begun();
    const first = await eject(reading, hourAgo);
    const second = await eject(reading, hourAgo + 20 * MINUTE_MS, { outlet: null, bales: 43, missed: 1 });
    reading.site.nowMs = hourAgo + 3 * MINUTE_MS;
    const weighing = await reading.site.weighing({ netGrams: 180_000 });
    reading.site.nowMs = TEST_NOW_MS;
    const rows = await proposals(reading);
    expect(rows).toMatchObject([
      { id: first, ...PRESS, line: 'tri-1', at: hourAgo, missed: 0, weighing: { id: weighing } },
      { id: second, press: 'presse-1', outlet: null, missed: 1, weighing: null },
    ]);
    expect(await proposals(reading, '?press=presse-1')).toHaveLength(2);
    expect(await proposals(reading, '?press=presse-2')).toEqual([]);
  });

  it('is logged by the output that names it, and by no other that names another', async () => {
    await using reading = await begun();
    const first = await eject(reading, hourAgo);
    const second = await eject(reading, hourAgo + MINUTE_MS);
    const { id } = await reading.site.act(logBale, { ...PRESS, stage: 'pressed', proposal: second });
    expect((await proposals(reading)).map((row) => row.id)).toEqual([first]);
    await reading.site.act(voidBale, { reason: 'erreur' }, id);
    expect((await proposals(reading)).map((row) => row.id)).toEqual([first, second]);
  });

  it('is closed by any output of its press and outlet after it that names none', async () => {
    await using reading = await begun();
    await eject(reading, hourAgo);
    await eject(reading, hourAgo + MINUTE_MS, { outlet: null });
    const other = await eject(reading, hourAgo + 2 * MINUTE_MS, { outlet: 'effilochage' });
    const later = await eject(reading, TEST_NOW_MS + MINUTE_MS);
    await reading.site.act(logBale, { ...PRESS, stage: 'pressed' });
    expect((await proposals(reading)).map((row) => row.id)).toEqual([other, later]);
  });

  it('is closed by the output that was in the press, once it is weighed', async () => {
    await using reading = await begun();
    const { id } = await reading.site.act(logBale, { ...PRESS, stage: 'started' }, '', hourAgo);
    await eject(reading, hourAgo + MINUTE_MS);
    expect(await proposals(reading)).toHaveLength(1);
    await reading.site.act(pressBale, {}, id);
    await reading.site.act(weighBale, { weight: { how: 'typed', grossGrams: 182_000 } }, id);
    expect(await proposals(reading)).toEqual([]);
  });

  it('ends after half a day, is made again from the ledger, and concerns who works with material', async () => {
    await using reading = await begun();
    await eject(reading, TEST_NOW_MS - PROPOSAL_MS - MINUTE_MS);
    const kept = await eject(reading, TEST_NOW_MS - PROPOSAL_MS + MINUTE_MS);
    expect((await proposals(reading)).map((row) => row.id)).toEqual([kept]);
    await rebuildProjections(reading.site.records, localDayIn('Europe/Paris'));
    expect((await proposals(reading)).map((row) => row.id)).toEqual([kept]);
    for (const role of ['region', 'trainee'] as const) {
      expect((await reading.ask('/bales/proposals', role)).status).toBe(403);
    }
    expect((await reading.ask('/bales/proposals', null)).status).toBe(401);
    expect((await reading.ask('/bales/proposals?press=a%20b')).status).toBe(400);
  });
});

describe('weighings near bales', () => {
  const moments = fc
    .uniqueArray(fc.integer({ min: 0, max: 3_600_000 }), { maxLength: 12 })
    .map((times) => times.map((at, index) => ({ id: String(index), at })));

  it('belong to one bale each, lie near it, and none is left over that would be nearer', () => {
    fc.assert(
      fc.property(moments, moments, (bales, weighings) => {
        const found = nearWeighings(bales, weighings, () => true);
        const ids = [...found.values()].map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        const far = bales.filter(({ id, at }) => !isNear((found.get(id)?.at ?? at) - at));
        const distance = ({ id, at }: { id: string; at: number }) => {
          const own = found.get(id);
          return own === undefined ? Number.POSITIVE_INFINITY : Math.abs(own.at - at);
        };
        const free = weighings.filter(({ id }) => !ids.includes(id));
        const better = bales.filter((bale) =>
          free.some(({ at }) => isNear(at - bale.at) && Math.abs(at - bale.at) < distance(bale)),
        );
        expect([far, better]).toEqual([[], []]);
      }),
    );
  });
});
