import { describe, expect, it } from 'vitest';
import { loadLine } from '../line-work/load-line.ts';
import { materialSite } from '../testing/test-material-site.ts';
import { placeLot } from './place-lot.ts';
import { receiveLot } from './receive-lot.ts';
import { refuseLot } from './refuse-lot.ts';
import { declareNeighbours, delivery, inside, loose } from './test-deliveries.ts';

describe('a loose lot', () => {
  it('is put into another zone, and moves nothing', async () => {
    await using site = await materialSite();
    await declareNeighbours(site);
    await site.act(receiveLot, delivery({ zone: 'yard', loads: [loose(900_000)] }));
    const before = await site.standing();
    const done = await site.act(placeLot, { zone: 'stock' }, 'L1');
    expect(done).toMatchObject({ id: 'L1', number: 1, warnings: ['zone-80'] });
    expect(done.drafts).toMatchObject([{ type: 'lot.placed', payload: { lot: 'L1', zone: 'stock' } }]);
    expect(await site.book.lot('L1')).toMatchObject({
      zone: 'stock',
      status: 'open',
      receivedGrams: 900_000,
    });
    expect(await site.standing()).toEqual(before);
    // It is there already: it does not come in once more.
    expect((await site.act(placeLot, { zone: 'stock' }, 'L1')).warnings).toEqual(['zone-80']);
    const about = (name: string) =>
      site.records.selectFrom('journal').select('type').where('about', '=', name).orderBy('seq').execute();
    expect(await about('zone:stock')).toEqual([{ type: 'lot.placed' }, { type: 'lot.placed' }]);
    expect((await about('lot:L1')).map(({ type }) => type)).toContain('lot.placed');
  });

  it('may be placed before its weight is known', async () => {
    await using site = await materialSite();
    await declareNeighbours(site);
    await site.act(receiveLot, delivery({ zone: null }));
    await site.act(placeLot, { zone: 'yard' }, 'L1');
    expect(await site.book.lot('L1')).toMatchObject({ zone: 'yard', receivedGrams: null });
  });

  it('is not placed where there is no zone, nor when nothing of it lies loose', async () => {
    await using site = await materialSite();
    await declareNeighbours(site);
    const refusal = async (lot: string, zone = 'stock') => (await site.refusal(placeLot, { zone }, lot)).code;
    await site.act(receiveLot, delivery({ loads: [loose(5_000)] }));
    expect(await refusal('L1', 'attic')).toBe('unknown-zone');
    expect(await refusal('L9')).toBe('unknown-lot');
    await site.act(receiveLot, delivery({ loads: [inside('C-1', 122_000)] }));
    expect(await site.refusal(placeLot, { zone: 'stock' }, 'L2')).toEqual({
      code: 'nothing-there',
      params: { lot: 'L2' },
    });
    await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
    expect(await refusal('L1')).toBe('nothing-there');
    await site.act(receiveLot, delivery({ loads: [loose(5_000)] }));
    await site.act(refuseLot, { reason: 'wet' }, 'L3');
    expect(await refusal('L3')).toBe('wrong-state');
  });
});
