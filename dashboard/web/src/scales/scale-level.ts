/** How much the state of a scale asks for somebody: its weights may be paid by, or not. */
import type { ScaleRow } from '@trame/protocol/material/material-answers';

const LEVELS: Readonly<Record<ScaleRow['state'], 1 | 2 | 3 | 'fine' | 'unknown'>> = {
  valid: 'fine',
  expired: 2,
  refused: 1,
  'seal-broken': 2,
  repaired: 2,
  unknown: 'unknown',
};

export function scaleLevel(state: ScaleRow['state']): 1 | 2 | 3 | 'fine' | 'unknown' {
  return LEVELS[state];
}
