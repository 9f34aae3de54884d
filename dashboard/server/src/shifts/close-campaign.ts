import type { CloseBody } from '@trame/protocol/material/act-parts';
import { recording, refused, type Decide } from '../material/decision.ts';

/** @param campaign its id. */
export const closeCampaign: Decide<CloseBody> = async ({ book, occurredAt }, body, campaign) => {
  const row = await book.campaign(campaign);
  if (row === undefined) return refused('unknown-campaign', `no campaign «${campaign}»`, { campaign });
  if (row.closedAt !== null) return refused('already-done', `campaign ${campaign} is closed`, { campaign });
  if (occurredAt < row.openedAt) {
    return refused('wrong-state', `campaign ${campaign} was opened after that`, {
      campaign,
      state: 'not-open-yet',
      openedAt: row.openedAt,
    });
  }
  const payload = { campaign, note: body.note ?? '' };
  return recording(campaign, [{ type: 'campaign.closed', occurredAt, payload }]);
};
