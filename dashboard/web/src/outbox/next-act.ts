/** Which act is sent next, and what it says. */
import type { Attachment } from '@trame/protocol/material/move';
import { NOT_BEFORE, type Entry, type Refusal } from './entry.ts';
import type { OutboxContent } from './outbox-store.ts';

export type NextAct =
  | { readonly kind: 'none' }
  /** Send it to this path. */
  | { readonly kind: 'send'; readonly entry: Entry; readonly path: string }
  /** What it comes after was refused, or nobody knows of it any more: it cannot be sent. */
  | { readonly kind: 'orphan'; readonly entry: Entry; readonly refusal: Refusal };

/**
 * One act at a time, in the order in which they were done. One that was refused stands aside and does not hold up
 * the others, except those that come after it.
 */
export function nextAct({ entries, answered }: OutboxContent): NextAct {
  const entry = entries.find((candidate) => candidate.refusal === null);
  if (entry === undefined) return { kind: 'none' };
  if (entry.after === null) return { kind: 'send', entry, path: entry.path };
  const before = answered.find((candidate) => candidate.key === entry.after);
  if (before === undefined) {
    return { kind: 'orphan', entry, refusal: { status: 0, code: NOT_BEFORE, params: {} } };
  }
  return { kind: 'send', entry, path: entry.path.replace('{id}', encodeURIComponent(before.answer.id)) };
}

/** Member of the body of an act about one document: null until the server has taken it. */
const ONE_ATTACHMENT = 'attachment';

/** @returns the body of an act whose files the server has taken. */
export function withAttachments(
  body: Entry['body'],
  attachments: readonly Attachment[],
): Readonly<Record<string, unknown>> {
  const [first] = attachments;
  if (first === undefined) return body;
  return Object.hasOwn(body, ONE_ATTACHMENT)
    ? { ...body, [ONE_ATTACHMENT]: first }
    : { ...body, attachments };
}
