/** From what a person saw, felt and read on a label to what a sort programme asks about a piece. */
import type { FibreShare } from '../classification/fibre-verdict.ts';
import { asWritten } from './decimals.ts';
import { factsSaid, type Said } from './facts-of-verdict.ts';
import { numberWords } from './input-words.ts';
import type { PieceFacts } from './programme-inputs.ts';

/** Labels give whole percents: three times a third is 99. */
const ROUNDING_POINTS = 1;

export type HandFacts =
  | { readonly kind: 'facts'; readonly facts: PieceFacts }
  | {
      readonly kind: 'refused';
      readonly code: 'label-not-whole' | 'label-share-impossible' | 'label-double-fibre';
      readonly words: string;
    };

/**
 * @param label what the label says, %; null or empty: none, or not to be read. Shares that add up to nearly 100, as rounding
 * leaves them, are brought to 100. A label that was read has no error of a reading: whether labels tell the truth, audits say.
 */
export function handFacts(said: Said, label: readonly FibreShare[] | null): HandFacts {
  if (label === null || label.length === 0) {
    return {
      kind: 'facts',
      facts: { ...factsSaid(said), reading: 'none', composition: null, errorPoints: 0 },
    };
  }
  const fibres = new Set(label.map(({ fibre }) => fibre));
  if (fibres.size < label.length) {
    return refused(
      'label-double-fibre',
      "L'étiquette nomme deux fois la même fibre : additionnez les deux parts.",
    );
  }
  if (!label.every(({ percent }) => percent > 0 && percent <= 100)) {
    return refused(
      'label-share-impossible',
      'Chaque part va de plus de 0 à 100 % : corrigez celle qui en sort.',
    );
  }
  const sum = asWritten(label.reduce((total, { percent }) => total + percent, 0));
  if (Math.abs(sum - 100) > ROUNDING_POINTS) {
    return refused(
      'label-not-whole',
      `Les parts font ${numberWords(sum)} % ensemble, il en faut 100. Relisez l'étiquette ; si elle nomme une fibre qui manque ici, laissez-la de côté tout entière.`,
    );
  }
  const composition = broughtToWhole(label, sum);
  const reading = label.length > 1 ? 'blend' : 'pure';
  return { kind: 'facts', facts: { ...factsSaid(said), reading, composition, errorPoints: 0 } };
}

function refused(code: Extract<HandFacts, { kind: 'refused' }>['code'], words: string): HandFacts {
  return { kind: 'refused', code, words };
}

/** What rounding leaves goes to the first, so that all together are 100 to the last place. */
function broughtToWhole(label: readonly FibreShare[], sum: number): NonNullable<PieceFacts['composition']> {
  const shares = label.map(({ percent }) => asWritten((percent * 100) / sum));
  const others = shares.slice(1).reduce((total, share) => total + share, 0);
  return Object.fromEntries(
    label.map(({ fibre }, index) => [fibre, index === 0 ? asWritten(100 - others) : (shares[index] ?? 0)]),
  );
}
