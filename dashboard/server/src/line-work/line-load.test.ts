import { describe, expect, it } from 'vitest';
import { declareNeighbours, inside, loose, received } from '../lots/test-deliveries.ts';
import { materialSite, type MaterialSite } from '../testing/test-material-site.ts';
import { emptyLine } from './empty-line.ts';
import { loadLine } from './load-line.ts';
import { moveMass } from './move-mass.ts';
import { unloadLine } from './unload-line.ts';

/** 100 kg of L1 in C-1 and 10 kg loose, 50 kg of L2 loose, L3 waits for its weight. */
async function siteWithLots(): Promise<MaterialSite> {
  const site = await materialSite();
  await declareNeighbours(site);
  await received(site, { loads: [inside('C-1', 122_000), loose(10_000)] });
  await received(site, { loads: [loose(50_000)] });
  await received(site);
  return site;
}

const net = (netGrams: number) => ({ how: 'weighbridge', netGrams }) as const;

describe('on the line', () => {
  it('goes all of a lot, wherever it lies, or all that is in a container', async () => {
    await using site = await siteWithLots();
    const done = await site.act(loadLine, { from: ['lot:L1', 'lot:L2'] }, 'tri-1');
    expect(done.drafts[0]?.payload).toMatchObject({
      counted: 'all',
      from: ['lot:L1', 'container:C-1', 'lot:L2'],
    });
    expect(await site.held('line:tri-1')).toEqual({ L1: 110_000, L2: 50_000 });
    expect((await site.refusal(loadLine, { from: ['lot:L2'] }, 'tri-1')).code).toBe('nothing-there');
    expect((await site.refusal(loadLine, { from: ['container:C-1'] }, 'tri-1')).code).toBe('nothing-there');
  });

  it('goes only the part of the lot out of a container that others share, and all of it when it is named', async () => {
    await using site = await siteWithLots();
    await site.act(moveMass, { from: 'lot:L2', to: 'container:C-1' });
    await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
    expect(await site.held('container:C-1')).toEqual({ L2: 50_000 });
    await site.act(loadLine, { from: ['container:C-1', 'container:C-1'] }, 'tri-1');
    expect(await site.held('line:tri-1')).toEqual({ L1: 110_000, L2: 50_000 });
  });

  it('goes a weighed part of several, and never more than there is', async () => {
    await using site = await siteWithLots();
    const part = { from: ['container:C-1', 'lot:L2'], weight: net(75_000) };
    await site.act(loadLine, part, 'tri-1');
    expect(await site.held('line:tri-1')).toEqual({ L1: 50_000, L2: 25_000 });
    expect(await site.refusal(loadLine, { ...part, weight: net(75_001) }, 'tri-1')).toMatchObject({
      code: 'more-than-there-is',
      params: { grams: 75_001, thereGrams: 75_000 },
    });
    const unsaid = { from: ['lot:L2'], counted: 'weighed' as const };
    expect((await site.refusal(loadLine, unsaid, 'tri-1')).code).toBe('not-weighed');
  });

  it('goes nothing yet where the infeed scale counts it', async () => {
    await using site = await siteWithLots();
    const done = await site.act(loadLine, { from: ['lot:L1'] }, 'tri-2');
    expect(done.drafts[0]?.payload).toMatchObject({ counted: 'by-infeed', moves: [] });
    expect(await site.book.infeed('tri-2')).toEqual(['container:C-1', 'lot:L1']);
    expect(await site.refusal(loadLine, { from: ['container:C-1'] }, 'tri-2')).toEqual({
      code: 'already-done',
      params: { account: 'container:C-1', line: 'tri-2' },
    });
    for (const counted of ['all', 'weighed'] as const) {
      const twice = { from: ['lot:L2'], counted, weight: net(1) };
      expect((await site.refusal(loadLine, twice, 'tri-2')).code).toBe('wrong-state');
    }
    const uncounted = { from: ['lot:L2'], counted: 'by-infeed' as const };
    expect((await site.refusal(loadLine, uncounted, 'tri-1')).code).toBe('wrong-state');
  });

  it.each([
    ['not-weighed', 'lot:L3', 'tri-1'],
    ['not-weighed', 'lot:L3', 'tri-2'],
    ['unknown-lot', 'lot:L9', 'tri-1'],
    ['unknown-container', 'container:C-9', 'tri-1'],
    ['unknown-account', 'bin:tri-1/creme', 'tri-1'],
    ['unknown-line', 'lot:L1', 'none'],
  ])('goes nothing that is refused with %s', async (code, from, line) => {
    await using site = await siteWithLots();
    expect((await site.refusal(loadLine, { from: [from] }, line)).code).toBe(code);
  });

  it('goes no more at once than an infeed has room for', async () => {
    await using site = await siteWithLots();
    const from = Array.from({ length: 20 }, (_, index) => `lot:L${index + 4}`);
    for (const _ of from) await received(site, { loads: [loose(1_000)] });
    await site.act(loadLine, { from }, 'tri-2');
    expect(await site.refusal(loadLine, { from: ['lot:L2'] }, 'tri-2')).toEqual({
      code: 'too-much-at-once',
      params: { count: 21, limit: 20 },
    });
  });
});

describe('off the line', () => {
  it('comes what a place had brought, before what others brought', async () => {
    await using site = await siteWithLots();
    await site.act(loadLine, { from: ['lot:L1', 'lot:L2'] }, 'tri-1');
    await site.act(unloadLine, { from: 'lot:L2', grams: 40_000 }, 'tri-1');
    expect(await site.held('lot:L2')).toEqual({ L2: 40_000 });
    await site.act(unloadLine, { from: 'lot:L2', grams: 20_000 }, 'tri-1');
    expect(await site.held('lot:L2')).toEqual({ L2: 50_000, L1: 10_000 });
    expect(await site.refusal(unloadLine, { from: 'lot:L2', grams: 100_001 }, 'tri-1')).toMatchObject({
      code: 'more-than-there-is',
      params: { thereGrams: 100_000 },
    });
  });

  it('comes a lot from the infeed without any mass', async () => {
    await using site = await siteWithLots();
    await site.act(loadLine, { from: ['lot:L2'] }, 'tri-2');
    await site.act(unloadLine, { from: 'lot:L2' }, 'tri-2');
    expect(await site.book.infeed('tri-2')).toEqual([]);
    expect((await site.refusal(unloadLine, { from: 'lot:L2' }, 'tri-2')).code).toBe('wrong-state');
    expect((await site.refusal(unloadLine, { from: 'line:tri-1' }, 'tri-2')).code).toBe('unknown-account');
  });
});

describe('an emptied line', () => {
  it('leaves what the book still has there as the difference', async () => {
    await using site = await siteWithLots();
    await site.act(loadLine, { from: ['lot:L2'] }, 'tri-1');
    const partly = await site.act(emptyLine, { remainingGrams: 20_000 }, 'tri-1');
    expect(partly.drafts[0]?.payload).toMatchObject({ bookedGrams: 50_000, remainingGrams: 20_000 });
    expect(await site.standing()).toMatchObject({ 'line:tri-1': 20_000, 'difference:tri-1': 30_000 });
    await site.act(emptyLine, {}, 'tri-1');
    expect(await site.held('difference:tri-1')).toEqual({ L2: 50_000 });
    const again = await site.act(emptyLine, {}, 'tri-1');
    expect(again.drafts[0]?.payload).toMatchObject({ bookedGrams: 0, moves: [] });
  });

  it('that holds more than the book has takes what went missing there first', async () => {
    await using site = await siteWithLots();
    await site.act(loadLine, { from: ['lot:L2'] }, 'tri-1');
    await site.act(emptyLine, { remainingGrams: 40_000 }, 'tri-1');
    await site.act(emptyLine, { remainingGrams: 55_000 }, 'tri-1');
    expect(await site.held('line:tri-1')).toEqual({ L2: 50_000, unknown: 5_000 });
    expect(await site.standing()).toMatchObject({ 'difference:tri-1': -5_000 });
    expect((await site.refusal(emptyLine, {}, 'none')).code).toBe('unknown-line');
  });
});
