import { describe, expect, it } from 'vitest';
import { declareNeighbours, inside, received } from '../lots/test-deliveries.ts';
import { materialSite } from '../testing/test-material-site.ts';
import { declareContainer } from './declare-container.ts';
import { placeContainer } from './place-container.ts';

describe('a container', () => {
  it('is declared with its tare, and what was weighed in it before keeps its weight', async () => {
    await using site = await materialSite();
    await declareNeighbours(site);
    await received(site, { loads: [inside('C-1', 122_000)] });
    await site.act(declareContainer, {
      container: 'C-1',
      kind: 'cage',
      tareGrams: 30_000,
      volumeLitres: 900,
    });
    await site.act(declareContainer, { container: 'C-1', kind: 'cage', tareGrams: 31_000 });
    expect(await site.book.container('C-1')).toMatchObject({ tareGrams: 31_000, volumeLitres: 900 });
    expect(await site.grams('container:C-1')).toBe(100_000);
  });

  it('is not taken out of use while it holds something', async () => {
    await using site = await materialSite();
    await declareNeighbours(site);
    await received(site, { loads: [inside('C-1', 122_000)] });
    const retire = { container: 'C-1', kind: 'cage', tareGrams: 22_000, retired: true } as const;
    expect(await site.refusal(declareContainer, retire)).toEqual({
      code: 'not-empty',
      params: { container: 'C-1', grams: 100_000 },
    });
    await site.act(declareContainer, { ...retire, container: 'C-2' });
    expect((await site.refusal(placeContainer, { zone: 'stock' }, 'C-2')).code).toBe('retired');
  });

  it('is placed with what is in it: a zone that is nearly full says so', async () => {
    await using site = await materialSite();
    await declareNeighbours(site);
    await received(site, { loads: [inside('C-1', 872_000)] });
    expect((await site.act(placeContainer, { zone: 'stock' }, 'C-1')).warnings).toEqual(['zone-80']);
    expect(await site.book.container('C-1')).toMatchObject({ zone: 'stock' });
    expect((await site.act(placeContainer, { zone: 'stock' }, 'C-1')).warnings).toEqual(['zone-80']);
    expect((await site.act(placeContainer, { zone: 'yard' }, 'C-1')).warnings).toEqual([]);
    expect((await site.refusal(placeContainer, { zone: 'attic' }, 'C-1')).code).toBe('unknown-zone');
    expect((await site.refusal(placeContainer, { zone: 'yard' }, 'C-9')).code).toBe('unknown-container');
  });
});
