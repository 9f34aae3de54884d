/** An act as a person does it: what is asked for, and what is sent. */
import type { EntryDraft, EntryFile } from '../outbox/entry.ts';
import type { Field, FormValues } from './form-fields.ts';

export interface ActForm {
  readonly title: string;
  /** What the act does, and what it does not. */
  readonly lead?: string;
  /** On the button that does it. */
  readonly submit: string;
  readonly fields: readonly Field[];
  /** Below `/api/v1`. */
  readonly path: string;
  /** Body of the act, without its time. */
  readonly body: (values: FormValues) => object;
  /** What is odd about what was given, for a person to say whether it is right; null: nothing. */
  readonly doubt?: (values: FormValues) => string | null;
  /** Field of kind `files` whose files go with it. */
  readonly files?: string;
}

/** @param values undefined: the act asks for nothing. @param words what the outbox calls it. */
export function draftOf(form: ActForm, values: FormValues, occurredAt: number): EntryDraft {
  const files: EntryFile[] = form.files === undefined ? [] : values.files(form.files);
  return plainDraft(form.path, form.body(values), form.title, occurredAt, files);
}

/** An act without a form. */
export function plainDraft(
  path: string,
  body: object,
  words: string,
  occurredAt: number,
  files: readonly EntryFile[] = [],
): EntryDraft {
  return {
    path: `/api/v1${path}`,
    after: null,
    body: { ...body, occurredAt },
    files,
    about: { kind: 'act', words },
  };
}

/** A member only when there is something to say. */
export function given<K extends string, V>(name: K, value: V | null): { readonly [name in K]?: V } {
  return value === null ? {} : ({ [name]: value } as { readonly [name in K]?: V });
}
