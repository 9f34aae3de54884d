/** A piece, and a box of pieces, in French. */
import { effectiveLimit } from './decide-outlet.ts';
import {
  DISRUPTOR_WORDS,
  FIBRE_WORDS,
  anyOfWords,
  choiceWords,
  inputWords,
  noneOfWords,
  numberWords,
  quantityWords,
} from './input-words.ts';
import {
  isShare,
  knownBits,
  knownCells,
  unknownBit,
  type Axis,
  type Box,
  type NumberAxis,
  type PieceSpace,
  type SetAxis,
} from './piece-space.ts';
import type { PieceFacts } from './programme-inputs.ts';

/** @returns «mélange, coton 60 %, polyester 40 % (erreur 3 points), couleur : clair»; what is not known is not said. */
export function pieceWords(facts: PieceFacts): string {
  const words: string[] = [`lecture : ${choiceWords('reading', facts.reading)}`];
  if (facts.composition !== null) {
    const shares = Object.entries(facts.composition)
      .toSorted(([, a], [, b]) => b - a)
      .map(
        ([fibre, share]) => `${FIBRE_WORDS[fibre as keyof typeof FIBRE_WORDS]} ${numberWords(share)}\u00a0%`,
      );
    const error = facts.errorPoints > 0 ? ` (± ${numberWords(facts.errorPoints)} points)` : '';
    words.push(shares.join(' + ') + error);
  }
  for (const input of ['colour', 'grade', 'category', 'family'] as const) {
    const word = facts[input];
    if (word !== null) words.push(`${inputWords(input)} : ${choiceWords(input, word)}`);
  }
  if (facts.disruptors !== null) {
    const there = facts.disruptors.map((word) => DISRUPTOR_WORDS[word]);
    words.push(there.length === 0 ? 'sans perturbateur' : `perturbateurs : ${there.join(', ')}`);
  }
  if (facts.moisturePercent !== null) {
    words.push(`${inputWords('moisture')} ${quantityWords('moisture', facts.moisturePercent)}`);
  }
  if (facts.weightG !== null) words.push(`${inputWords('weight')} ${quantityWords('weight', facts.weightG)}`);
  return words.join(', ');
}

/** @returns what all pieces of a box have in common; «toute pièce» when that is nothing. Limits at the slice's least error. */
export function boxWords(space: PieceSpace, box: Box): string {
  const words = shareWords(space, box);
  for (const [index, axis] of space.axes.entries()) {
    const bits = box[index] ?? 0n;
    if (isShare(axis) || bits === space.whole[index]) continue;
    words.push(axisWords(axis, bits, space.slice.from));
  }
  return words.length === 0 ? 'toute pièce' : words.join(' ; ');
}

/** Shares are known all or none, so what is said of one of them is said of all. */
function shareWords(space: PieceSpace, box: Box): string[] {
  const shares = space.axes.flatMap((axis, index) =>
    isShare(axis) ? [{ axis, bits: box[index] ?? 0n }] : [],
  );
  if (shares.length === 0) return [];
  const mayBeKnown = shares.every(({ axis, bits }) => (bits & knownBits(axis)) !== 0n);
  const mayBeUnknown = shares.every(({ axis, bits }) => (bits & unknownBit(axis)) !== 0n);
  if (!mayBeKnown) return ['fibres non connues'];
  const limited = shares
    .filter(({ axis, bits }) => (bits & knownBits(axis)) !== knownBits(axis))
    .map(({ axis, bits }) => runWords(axis, bits, space.slice.from));
  if (limited.length === 0) return mayBeUnknown ? [] : ['fibres connues'];
  return mayBeUnknown ? [...limited, 'ou fibres non connues'] : limited;
}

function axisWords(axis: Axis, bits: bigint, errorPoints: number): string {
  const known = bits & knownBits(axis);
  const orUnknown = (bits & unknownBit(axis)) === 0n ? '' : ' ou non connu';
  if (known === 0n) return `${inputWords(axis.input)} : non connu`;
  if (known === knownBits(axis)) return `${inputWords(axis.input)} : connu`;
  if (axis.kind === 'number') return runWords(axis, known, errorPoints) + orUnknown;
  if (axis.kind === 'set') return setWords(axis, known) + orUnknown;
  const inWords = (words: readonly string[]) => words.map((word) => choiceWords(axis.input, word)).join(', ');
  const words = axis.words.filter((_, cell) => ((known >> BigInt(cell)) & 1n) === 1n);
  const others = axis.words.filter((word) => !words.includes(word));
  const told = others.length < words.length / 2 ? `tout sauf ${inWords(others)}` : inWords(words);
  return `${inputWords(axis.input)} : ${told}${orUnknown}`;
}

/** @returns «coton moins de 20 %», «coton de 20 % à 80 %», «coton 80 % et plus», joined by «ou». */
function runWords(axis: NumberAxis, bits: bigint, errorPoints: number): string {
  const words: string[] = [];
  let from: number | null = null;
  const limitWords = (index: number): string | null => {
    const limit = axis.limits[index];
    if (limit === undefined) return null;
    return quantityWords(axis.input, Math.max(0, effectiveLimit(limit, errorPoints)));
  };
  for (let cell = 0; cell <= knownCells(axis); cell += 1) {
    const isIn = cell < knownCells(axis) && ((bits >> BigInt(cell)) & 1n) === 1n;
    if (isIn && from === null) from = cell;
    if (isIn || from === null) continue;
    const [lower, upper] = [limitWords(from - 1), limitWords(cell - 1)];
    if (lower === null) words.push(`moins de ${upper ?? ''}`);
    else
      words.push(upper === null || cell === knownCells(axis) ? `${lower} et plus` : `de ${lower} à ${upper}`);
    from = null;
  }
  return `${inputWords(axis.input)} ${words.join(' ou ')}`;
}

/** Of cells that each class either settles or leaves open. */
function setWords(axis: SetAxis, bits: bigint): string {
  const cells: number[] = [];
  for (let cell = 0; cell < knownCells(axis); cell += 1) {
    if (((bits >> BigInt(cell)) & 1n) === 1n) cells.push(cell);
  }
  const isThere = (index: number) => cells.every((cell) => ((cell >> index) & 1) === 1);
  const isAway = (index: number) => cells.every((cell) => ((cell >> index) & 1) === 0);
  const away = axis.classes.filter((_, index) => isAway(index));
  const words = axis.classes.filter((_, index) => isThere(index)).map((group) => anyOfWords(group));
  if (away.length > 0) words.push(noneOfWords(away.flat()));
  return `perturbateurs : ${words.join(' et ')}`;
}
