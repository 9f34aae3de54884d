/** How acts are put into the outbox. */
import { note, type Act, type Json, type Memory, type Next, type WeightRef } from './memory.ts';
import { partnerBody } from './partners.ts';

/** Where the crew works, as the site calls it. */
export interface Site {
  readonly line: string;
  readonly presses: readonly string[];
  /** Where containers and where outputs stand; null: the site has no such zone. */
  readonly receptionZone: string | null;
  readonly stockZone: string | null;
}

export interface Draft {
  readonly key: string;
  readonly path: string;
  readonly body: Json;
  readonly role?: Act['role'];
  readonly weights?: readonly WeightRef[];
  readonly remains?: { readonly grams: number };
  readonly next?: Next;
}

/** An act for the outbox. Its key is of the plant and of what happened: the same thing has the same key. */
export function actOf(memory: Memory, draft: Draft): Act {
  return {
    key: `crew-${memory.life}-${draft.key}`,
    role: draft.role ?? 'operator',
    path: draft.path,
    body: draft.body,
    weights: draft.weights ?? [],
    ...(draft.remains === undefined ? {} : { remains: draft.remains }),
    next: draft.next ?? null,
  };
}

/** Puts a declaration into the outbox, once for each name. */
export function declareOnce(memory: Memory, name: string, draft: Omit<Draft, 'key'>): void {
  if (memory.declared.includes(name)) return;
  note(memory.declared, name);
  memory.outbox.push(actOf(memory, { ...draft, key: `declare-${name.replace(':', '-')}` }));
}

export function declarePartner(memory: Memory, id: string): void {
  const body = partnerBody(id);
  if (body === null) return;
  declareOnce(memory, `partner:${id}`, { path: '/api/v1/partners', role: 'supervisor', body });
}

/** Whole grams of kilograms that are exact to the gram. */
export function grams(kg: number): number {
  return Math.round(kg * 1_000);
}
