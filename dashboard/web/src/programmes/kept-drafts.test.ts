import { describe, expect, it } from 'vitest';
import { emptyForm } from './edit-form.ts';
import type { Draft } from './draft.ts';
import { keptDrafts } from './kept-drafts.ts';

const DRAFT: Draft = { form: emptyForm('Ligne 1', 'Tout le reste', 'manuel'), version: 2, over: 2 };

/** Whether the page asks before it is left. */
function asks(page: EventTarget): boolean {
  return !page.dispatchEvent(new Event('beforeunload', { cancelable: true }));
}

describe('drafts that are not saved', () => {
  it('are there again for a screen that is opened again in the same session', () => {
    const page = new EventTarget();
    const { signal } = new AbortController();
    keptDrafts(signal, page).set('ligne-1', DRAFT);
    expect(keptDrafts(signal, page).get('ligne-1')).toEqual(DRAFT);
    expect(keptDrafts(signal, page).has('ligne-2')).toBe(false);
  });

  it('are gone with the session, and no other session finds them', () => {
    const page = new EventTarget();
    const session = new AbortController();
    keptDrafts(session.signal, page).set('ligne-1', DRAFT);
    expect(keptDrafts(new AbortController().signal, page).get('ligne-1')).toBeNull();
    session.abort();
    expect(keptDrafts(session.signal, page).get('ligne-1')).toBeNull();
    expect(asks(page)).toBe(false);
  });

  it('have the page ask before it is left, until the last one is saved or dropped', () => {
    const page = new EventTarget();
    const drafts = keptDrafts(new AbortController().signal, page);
    expect(asks(page)).toBe(false);
    drafts.set('ligne-1', DRAFT);
    drafts.set('ligne-1', { ...DRAFT, version: 3 });
    drafts.set('+', DRAFT);
    drafts.delete('ligne-1');
    expect(asks(page)).toBe(true);
    drafts.delete('+');
    expect(asks(page)).toBe(false);
  });
});
