/** Shares out grams in proportion, to the gram, over however many there are. */

/**
 * @param grams of what the parts are together; at most that.
 * @returns whole grams for each part in their order: by largest remainder, ties to whoever comes first.
 * @throws when more is asked for than there is.
 */
export function inProportion(parts: readonly number[], grams: number): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (grams > total) throw new Error(`${grams} g cannot be shared out of ${total} g`);
  if (grams === total) return [...parts];
  const exact = parts.map((part) => BigInt(part) * BigInt(grams));
  const whole = BigInt(total);
  const shares = exact.map((value) => Number(value / whole));
  const left = grams - shares.reduce((sum, share) => sum + share, 0);
  const byRest = exact
    .map((value, index) => ({ index, rest: value % whole }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of byRest.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

/** @returns the same with at most so many grams together, in proportion; without those that are left with none. */
export function scaled<T extends { readonly grams: number }>(things: readonly T[], grams: number): T[] {
  const parts = things.map((thing) => thing.grams);
  const total = parts.reduce((sum, part) => sum + part, 0);
  const shares = inProportion(parts, Math.min(grams, total));
  return things.flatMap((thing, index) => {
    const share = shares[index] ?? 0;
    return share > 0 ? [{ ...thing, grams: share }] : [];
  });
}
