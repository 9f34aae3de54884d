/** The last bale that was logged at a press from this screen, whether the server has answered or not. */
import type { Answered, Entry, EntryAbout } from '../outbox/entry.ts';

export interface LastBale {
  /** Key of the act that logged it. */
  readonly key: string;
  readonly outlet: string;
  readonly grossGrams: number | null;
  /** ms since 1970 UTC. */
  readonly occurredAt: number;
  /** Id and short number; null: not answered yet. */
  readonly bale: { readonly id: string; readonly number: number } | null;
}

interface Happened {
  readonly key: string;
  readonly order: number;
  readonly about: EntryAbout;
  readonly occurredAt: number;
  readonly bale: LastBale['bale'];
}

/**
 * @param press null where the kiosk has none.
 * @returns the latest bale that is neither refused nor annulled, or null.
 */
export function lastBale(
  entries: readonly Entry[],
  answered: readonly Answered[],
  press: string | null,
): LastBale | null {
  const waiting: Happened[] = entries
    .filter(({ refusal }) => refusal === null)
    .map(({ key, order, about, body }) => ({ key, order, about, occurredAt: body.occurredAt, bale: null }));
  const recorded: Happened[] = answered.map(({ key, order, about, occurredAt, answer }) => ({
    key,
    order,
    about,
    occurredAt,
    bale: answer.number === null ? null : { id: answer.id, number: answer.number },
  }));
  const all = [...waiting, ...recorded].sort((a, b) => b.order - a.order);
  const annulled = new Set(all.flatMap(({ about }) => (about.kind === 'void' ? [about.of] : [])));
  for (const { key, about, occurredAt, bale } of all) {
    if (about.kind !== 'bale' || about.press !== press || annulled.has(key)) continue;
    return { key, outlet: about.outlet, grossGrams: about.grossGrams, occurredAt, bale };
  }
  return null;
}
