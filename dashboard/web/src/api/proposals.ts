/** Bales that presses gave out and nobody logged yet. */
import type { BaleProposal } from '@trame/protocol/control/control-answers';
import { isUnclaimed, type UnclaimedWeighing } from './material.ts';
import { request, type Answer } from './request.ts';
import { isNumber, isText, listOf, orNull, shape } from './shape.ts';

/** Of a proposal what a kiosk logs it with. */
export type KioskProposal = Pick<BaleProposal, 'id' | 'outlet' | 'at'> & {
  readonly weighing: UnclaimedWeighing | null;
};

const isProposals = shape<{ rows: KioskProposal[] }>({
  rows: listOf(
    shape<KioskProposal>({ id: isText, outlet: orNull(isText), at: isNumber, weighing: orNull(isUnclaimed) }),
  ),
});

/** Those of a press, the oldest first. */
export function getProposals(press: string, signal: AbortSignal): Promise<Answer<readonly KioskProposal[]>> {
  return request({
    method: 'GET',
    path: `/api/v1/bales/proposals?${new URLSearchParams({ press })}`,
    read: (body) => (isProposals(body) ? body.rows : null),
    signal,
  });
}
