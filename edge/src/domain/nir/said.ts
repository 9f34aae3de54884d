import type { FibreVerdict } from '@trame/protocol/classification/fibre-verdict';

/** What a model says besides the gates. */
export type Said = Pick<FibreVerdict, 'fibre' | 'probability' | 'composition' | 'errorPoints' | 'background'>;

/** Nothing can be said. */
export const NOTHING_SAID: Said = {
  fibre: null,
  probability: null,
  composition: [],
  errorPoints: null,
  background: null,
};
