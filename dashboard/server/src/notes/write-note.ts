/** A note about something, or about the day. */
import { ACCOUNT_PATTERN } from '@trame/protocol/material/accounts';
import type { NoteBody } from '@trame/protocol/material/line-acts';
import { recording, refused, type ActContext, type Decide } from '../material/decision.ts';
import { zoneOf } from '../material/reference.ts';

const ACCOUNT = new RegExp(ACCOUNT_PATTERN, 'u');
const SHIPMENT = 'shipment:';
const ZONE = 'zone:';

export const writeNote: Decide<NoteBody> = async (context, body) => {
  const about = body.about ?? null;
  const text = body.text.trim();
  if (text === '') return refused('nothing-there', 'the note says nothing');
  if (about !== null && !(await isKnown(context, about))) {
    return refused('unknown-account', `there is no «${about}» to write about`, { account: about });
  }
  const { occurredAt } = context;
  return recording(about ?? context.site, [{ type: 'note.written', occurredAt, payload: { about, text } }]);
};

/** A place of the book, a shipment or a zone. */
async function isKnown({ book, reference }: ActContext, about: string): Promise<boolean> {
  if (about.startsWith(SHIPMENT)) return (await book.shipment(about.slice(SHIPMENT.length))) !== undefined;
  if (about.startsWith(ZONE)) return zoneOf(reference, about.slice(ZONE.length)) !== undefined;
  return ACCOUNT.test(about) && book.knows(about);
}
