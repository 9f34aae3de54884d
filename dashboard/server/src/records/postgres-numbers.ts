/** Whole numbers of PostgreSQL as JavaScript numbers; one that does not fit is an error, not a neighbour. */
import { types, type CustomTypesConfig } from 'pg';

const INT8 = 20;
/** What `sum` gives of bigint. */
const NUMERIC = 1700;

/** @throws RangeError beyond ±2^53. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the whole numbers kept exactly`);
  return value;
}

export const NUMBER_TYPES: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === INT8 || oid === NUMERIC
      ? wholeNumber
      : // Overloads of the library tell text from binary; only text is asked for.
        types.getTypeParser(oid, format as 'text'),
};
