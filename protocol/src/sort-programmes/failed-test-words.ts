/** Why a rule did not take a piece, in French: for whoever opens a verdict. */
import type { FailedTest } from './decide-outlet.ts';
import { choiceWords, disruptorWords, fibresOf, inputWords, quantityWords } from './input-words.ts';
import { NUMBER_INPUTS } from './programme-inputs.ts';

/**
 * @returns «coton : 82 %, sous la limite de 83 %», «couleur : non connu». Limits are those after the guard: one that it puts
 * where no share can be is told as such.
 */
export function failedTestWords(failed: FailedTest): string {
  const input = inputWords(failed.input);
  switch (failed.why) {
    case 'not-known':
      return `${input} : non connu`;
    case 'under':
      if (fibresOf(failed.input) !== null && failed.limit > NUMBER_INPUTS[failed.input].max) {
        return `${input} : ${quantityWords(failed.input, failed.measured)}, limite jamais atteinte avec cette incertitude (il faudrait ${quantityWords(failed.input, failed.limit)})`;
      }
      return `${input} : ${quantityWords(failed.input, failed.measured)}, sous la limite de ${quantityWords(failed.input, failed.limit)}`;
    case 'not-under':
      if (fibresOf(failed.input) !== null && failed.limit <= 0) {
        return `${input} : ${quantityWords(failed.input, failed.measured)}, n'est jamais sous la limite avec cette incertitude (il faudrait moins de ${quantityWords(failed.input, failed.limit)})`;
      }
      return `${input} : ${quantityWords(failed.input, failed.measured)}, n'est pas sous la limite de ${quantityWords(failed.input, failed.limit)}`;
    case 'another-word': {
      const asked = failed.asked.map((word) => choiceWords(failed.input, word));
      return `${input} : ${choiceWords(failed.input, failed.measured)}, demandé ${asked.join(', ')}`;
    }
    case 'none-of':
      return failed.asked.length === 1
        ? `${input} : demandé ${disruptorWords(failed.asked)}`
        : `${input} : aucun de ${disruptorWords(failed.asked)}`;
    case 'one-of':
      return `${input} : ${disruptorWords(failed.asked.filter((word) => failed.measured.includes(word)))}, exclu`;
  }
}
