/**
 * Which life of an instrument's count a number belongs to. A totalising indicator that is reset counts from the
 * beginning again under the same serial: its numbers come again, and are other weighings. An edge that begins anew, or
 * was restored, tells of the same life again. Pure.
 */

/** How far one instrument has counted: by its scale, serial and alibi epoch. */
export interface CountStanding {
  /** Of the ledger that told of it last. */
  readonly epoch: string;
  readonly life: number;
  /** How many lives have begun. */
  readonly lives: number;
  readonly lastNumber: number;
  /** Where it stood before it fell; null: it has counted since. */
  readonly before: { readonly life: number; readonly lastNumber: number } | null;
}

/**
 * An edge says where the count stands. Said again in one ledger, and lower: it began anew. In another ledger it is
 * where that edge begins to look.
 */
export function seenAt(standing: CountStanding | null, epoch: string, number: number): CountStanding {
  if (standing === null) return { epoch, life: 0, lives: 1, lastNumber: number, before: null };
  const { life, lives, lastNumber, before } = standing;
  if (epoch !== standing.epoch || number >= lastNumber) return { ...standing, epoch, lastNumber: number };
  // It fell again before it had counted: still the same new life.
  if (before !== null) return { ...standing, lastNumber: number };
  return { epoch, life: lives, lives: lives + 1, lastNumber: number, before: { life, lastNumber } };
}

/** Numbers were counted, both included. A count that goes on where it was before it fell had not fallen: a false reading. */
export function counted(
  standing: CountStanding | null,
  epoch: string,
  fromNumber: number,
  toNumber: number,
): CountStanding {
  if (standing === null) return { epoch, life: 0, lives: 1, lastNumber: toNumber, before: null };
  const { before, lives, lastNumber } = standing;
  const isBack = before !== null && fromNumber !== lastNumber + 1 && fromNumber === before.lastNumber + 1;
  return { epoch, life: isBack ? before.life : standing.life, lives, lastNumber: toNumber, before: null };
}
