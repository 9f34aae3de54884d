/** What is watched of sorting, calm, for tests of whoever tells it. */
import type { SortingWatch } from './sorting-watch.ts';

const CALM = { isRaised: false, value: 0, limit: 1, words: 'rien' };
export const CALM_WATCH: SortingWatch = { distance: CALM, refused: CALM, shares: CALM, missed: 0 };
