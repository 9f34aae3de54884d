/** A campaign begins: its balance is closed by emptying the line at both ends. */
import type { CampaignBody } from '@trame/protocol/material/line-acts';
import { lineRefusal } from '../line-work/known-line.ts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { timeName } from './time-name.ts';

/** One at a time on each line. */
export const openCampaign: Decide<CampaignBody> = async (context, body) => {
  const { book, reference, occurredAt } = context;
  const line = body.line ?? reference.bookKeeper;
  const wrong = lineRefusal(context, line);
  if (wrong !== null) return wrong;
  const open = await book.diary.openCampaign(line);
  if (open !== undefined) {
    return refused('wrong-state', `campaign ${open.campaign} «${open.name}» is open on ${line}: close it`, {
      campaign: open.campaign,
      line,
      state: 'open',
    });
  }
  const campaign = await timeName('C', occurredAt, async (name) => (await book.campaign(name)) !== undefined);
  const payload = { campaign, line, name: body.name };
  return recording(campaign, [{ type: 'campaign.opened', occurredAt, payload }]);
};
