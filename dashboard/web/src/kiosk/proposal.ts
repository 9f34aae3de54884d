/** Which of the bales that the press gave out, and nobody logged, is the one to log now: pure. */
import type { KioskProposal } from '../api/proposals.ts';
import type { Entry } from '../outbox/entry.ts';
import type { Claim } from './bale-acts.ts';
import type { KioskEffect } from './kiosk-state.ts';

/** What stands on the scale without moving, and was not logged yet. */
export interface Standing {
  /** As the indicator shows it. */
  readonly grams: number;
  /** Its weighing, where that is known; null: not yet. */
  readonly weighing: string | null;
}

/** What this screen logged already, by proposal, and under which key; null: it is just being kept. */
export type LoggedHere = ReadonlyMap<string, string | null>;

/** What acts that are kept here and not sent yet log, unless they are annulled already: it outlives the page. */
export function keptHere(entries: readonly Pick<Entry, 'key' | 'about' | 'body'>[]): LoggedHere {
  const annulled = new Set(entries.flatMap(({ about }) => (about.kind === 'void' ? [about.of] : [])));
  return new Map(
    entries.flatMap(({ key, body: { proposal } }) =>
      typeof proposal === 'string' && !annulled.has(key) ? [[proposal, key] as const] : [],
    ),
  );
}

/**
 * What waits, without what this screen logged and the server does not know yet.
 *
 * @param refused keys of acts that the server refused: their bales wait again.
 */
export function waitingHere(
  rows: readonly KioskProposal[],
  logged: LoggedHere,
  refused: ReadonlySet<string>,
): readonly KioskProposal[] {
  return rows.filter(({ id }) => {
    const key = logged.get(id);
    return key === undefined || (key !== null && refused.has(key));
  });
}

/** What the indicator showed of a weighing, in grams; null: it is of another scale. */
type Shown = (weighing: NonNullable<KioskProposal['weighing']>) => number | null;

/**
 * The oldest comes first; a bale whose own weighing is another than what stands on the scale is not there.
 *
 * @param rows the oldest first.
 * @param standing null: nothing to log stands there, or it moves.
 */
export function proposalAtHand(
  rows: readonly KioskProposal[],
  standing: Standing | null,
  shown: Shown,
): KioskProposal | null {
  const fits = ({ weighing }: KioskProposal): boolean => {
    if (standing === null || weighing === null) return true;
    return standing.weighing === null
      ? shown(weighing) === standing.grams
      : weighing.id === standing.weighing;
  };
  return rows.find(fits) ?? null;
}

/** The weighing that the bale which is logged names, when the scale shows the same: it need not be looked for. */
export function namedClaim(
  rows: readonly KioskProposal[],
  { choice, weight }: Pick<KioskEffect, 'choice' | 'weight'>,
  shown: Shown,
): Claim | null {
  if (choice.kind !== 'outlet' || weight?.how !== 'live') return null;
  const weighing = rows.find(({ id }) => id === choice.proposal)?.weighing ?? null;
  if (weighing === null || shown(weighing) !== weight.grams) return null;
  return { weighing: weighing.id, grams: weight.grams };
}
