/** Words that schemas are written with. */
import { Type, type TSchema } from 'typebox';

/** One of these texts. */
export function literals<const T extends readonly string[]>(values: T) {
  return Type.Unsafe<T[number]>(Type.Union(values.map((value) => Type.Literal(value))));
}

export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** An object that has these members and no other. */
export const closed = { additionalProperties: false } as const;
