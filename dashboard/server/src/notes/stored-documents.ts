import type { Attachment } from '@trame/protocol/material/move';
import { refused, type Refused } from '../material/decision.ts';
import type { MaterialBook } from '../material/material-book.ts';

/** @returns the refusal of a document whose bytes were never sent; null: all of them lie here. */
export async function missingDocument(
  book: MaterialBook,
  attachments: readonly Attachment[],
): Promise<Refused | null> {
  for (const { sha256, name } of attachments) {
    if ((await book.diary.document(sha256)) === undefined) {
      return refused('unknown-document', `«${name}» was not sent: no document ${sha256}`, { sha256, name });
    }
  }
  return null;
}
