/** A photo or a document is about a lot, an output, a partner: its bytes lie here, the ledger keeps their hash. */
import type { AttachBody } from '@trame/protocol/material/lot-acts';
import { recording, refused, type Decide } from '../material/decision.ts';
import { missingDocument } from './stored-documents.ts';

export const attachDocument: Decide<AttachBody> = async (context, { about, attachment }) => {
  const { book, occurredAt } = context;
  if (!(await book.knows(about))) {
    return refused('unknown-account', `there is no «${about}»`, { account: about });
  }
  const missing = await missingDocument(book, [attachment]);
  if (missing !== null) return missing;
  return recording(attachment.sha256, [
    { type: 'document.attached', occurredAt, payload: { about, attachment } },
  ]);
};
