import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { materialSite } from '../testing/test-material-site.ts';
import { closeCampaign } from './close-campaign.ts';
import { closeShift } from './close-shift.ts';
import { openCampaign } from './open-campaign.ts';
import { openShift } from './open-shift.ts';

const MORNING = { team: 'matin', posts: [{ post: 'table-1', heads: 5 }] };

describe('a shift', () => {
  it('begins with head counts and is named by the minute', async () => {
    await using site = await materialSite();
    expect((await site.act(openShift, MORNING)).id).toBe('S20261120T1000');
    expect((await site.act(openShift, { ...MORNING, team: 'renfort' })).id).toBe('S20261120T1000-2');
    expect(await site.book.shift('S20261120T1000')).toMatchObject({ line: 'tri-1', closedAt: null });
  });

  it('is of one team once at a time, on a line that there is', async () => {
    await using site = await materialSite();
    const { id } = await site.act(openShift, MORNING);
    expect((await site.refusal(openShift, MORNING)).code).toBe('already-done');
    expect((await site.refusal(openShift, { ...MORNING, line: 'none' })).code).toBe('unknown-line');
    const posts = [...MORNING.posts, ...MORNING.posts];
    expect((await site.refusal(openShift, { team: 'soir', posts })).code).toBe('already-exists');
    await site.act(closeShift, {}, id);
    expect((await site.act(openShift, MORNING)).id).toBe('S20261120T1000-2');
  });

  it('ends with the weighings that nothing claims, since it began', async () => {
    await using site = await materialSite();
    await site.weighing({});
    site.advance(60_000);
    const { id } = await site.act(openShift, MORNING);
    const weighing = await site.weighing({});
    await site.weighing({});
    await site.act(logBale, { outlet: 'effilochage', weight: { how: 'scale', weighing } });
    const done = await site.act(closeShift, { note: 'calme' }, id);
    expect(done.drafts[0]?.payload).toEqual({ shift: id, unclaimed: 1, note: 'calme' });
    expect(done.warnings).toEqual(['unclaimed-weighings']);
  });

  it('ends once, and not before it began', async () => {
    await using site = await materialSite();
    const { id } = await site.act(openShift, MORNING);
    expect((await site.refusal(closeShift, {}, id, site.nowMs - 3_600_000)).code).toBe('wrong-state');
    await site.act(closeShift, {}, id);
    expect((await site.refusal(closeShift, {}, id)).code).toBe('already-done');
    expect((await site.refusal(closeShift, {}, 'S1')).code).toBe('unknown-shift');
  });
});

describe('a campaign', () => {
  it('is one at a time on each line', async () => {
    await using site = await materialSite();
    const { id } = await site.act(openCampaign, { name: 'Hiver' });
    expect(await site.refusal(openCampaign, { name: 'Été' })).toEqual({
      code: 'wrong-state',
      params: { campaign: id, line: 'tri-1', state: 'open' },
    });
    expect((await site.act(openCampaign, { name: 'Été', line: 'tri-2' })).id).toBe(`${id}-2`);
    expect((await site.refusal(closeCampaign, {}, id, site.nowMs - 3_600_000)).code).toBe('wrong-state');
    await site.act(closeCampaign, {}, id);
    expect((await site.refusal(closeCampaign, {}, id)).code).toBe('already-done');
    expect((await site.refusal(closeCampaign, {}, 'C1')).code).toBe('unknown-campaign');
    expect((await site.refusal(openCampaign, { name: 'x', line: 'none' })).code).toBe('unknown-line');
    expect((await site.act(openCampaign, { name: 'Été' })).id).toBe(`${id}-3`);
  });
});
