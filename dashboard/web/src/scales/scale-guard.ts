/** Guard of what the server tells about a scale. */
import type { ScaleRow } from '@trame/protocol/material/material-answers';
import { isNumber, isText, keyOf, listOf, orNull, shape } from '../api/shape.ts';

const someText = orNull(isText);
const someNumber = orNull(isNumber);
const STATES: Readonly<Record<ScaleRow['state'], true>> = {
  valid: true,
  expired: true,
  refused: true,
  'seal-broken': true,
  repaired: true,
  unknown: true,
};
type InDoubt = NonNullable<ScaleRow['inDoubt']>;

export const isScale = shape<ScaleRow>({
  id: isText,
  label: isText,
  line: isText,
  use: isText,
  intervalGrams: someNumber,
  state: keyOf(STATES),
  verifiedOn: someText,
  due: someText,
  entries: listOf(
    shape<ScaleRow['entries'][number]>({
      id: isText,
      at: isNumber,
      entry: isText,
      on: isText,
      due: someText,
      text: isText,
    }),
  ),
  inDoubt: orNull(
    shape<InDoubt>({
      count: isNumber,
      weighings: listOf(
        shape<InDoubt['weighings'][number]>({
          id: isText,
          at: isNumber,
          number: someNumber,
          netGrams: someNumber,
          claimedBy: someText,
        }),
      ),
    }),
  ),
});
