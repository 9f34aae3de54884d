/** Whole numbers of PostgreSQL as JavaScript numbers; one that does not fit is an error, not a neighbour. */
import { types, type CustomTypesConfig } from 'pg';

/** NUMERIC is what `sum` gives of bigint. */
const { INT8, NUMERIC } = types.builtins;

/** @throws RangeError beyond ±2^53. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the whole numbers kept exactly`);
  return value;
}

export const NUMBER_TYPES: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === INT8 || oid === NUMERIC ? wholeNumber : types.getTypeParser(oid, format),
};
