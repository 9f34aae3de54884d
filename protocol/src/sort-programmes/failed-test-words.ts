/** Why a rule did not take a piece, in French: for whoever opens a verdict. */
import type { FailedTest } from './decide-outlet.ts';
import { DISRUPTOR_WORDS, choiceWords, inputWords, quantityWords } from './input-words.ts';
import type { DISRUPTORS } from './programme-inputs.ts';

/** @returns «coton : 82 %, sous la limite de 83 %», «couleur : non connu». Limits are those after the guard. */
export function failedTestWords(failed: FailedTest): string {
  const input = inputWords(failed.input);
  switch (failed.why) {
    case 'not-known':
      return `${input} : non connu`;
    case 'under':
      return `${input} : ${quantityWords(failed.input, failed.measured)}, sous la limite de ${quantityWords(failed.input, failed.limit)}`;
    case 'not-under':
      return `${input} : ${quantityWords(failed.input, failed.measured)}, n'est pas sous la limite de ${quantityWords(failed.input, failed.limit)}`;
    case 'another-word': {
      const asked = failed.asked.map((word) => choiceWords(failed.input, word));
      return `${input} : ${choiceWords(failed.input, failed.measured)}, demandé ${asked.join(', ')}`;
    }
    case 'none-of':
      return `${input} : aucun de ${disruptorWords(failed.asked)}`;
    case 'one-of':
      return `${input} : ${disruptorWords(failed.asked.filter((word) => failed.measured.includes(word)))}, exclu`;
  }
}

function disruptorWords(words: readonly string[]): string {
  return words.map((word) => DISRUPTOR_WORDS[word as (typeof DISRUPTORS)[number]]).join(', ');
}
