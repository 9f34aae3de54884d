/** Guards for bodies of many members: a guard that misses a member of its type does not compile. */
import { isRecord } from './json.ts';

export type Guard<T> = (value: unknown) => value is T;

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

export function isFlag(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

export function orNull<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value);
}

/** A member that need not be there. */
export function orLeftOut<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || guard(value);
}

export function listOf<T>(guard: Guard<T>): Guard<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.every((item) => guard(item));
}

/** One of the keys of this table: a word that the page can say. */
export function keyOf<T extends string>(table: Readonly<Record<T, unknown>>): Guard<T> {
  return (value): value is T => typeof value === 'string' && Object.hasOwn(table, value);
}

/** An object with at least these members. */
export function shape<T extends object>(members: { readonly [K in keyof T]-?: Guard<T[K]> }): Guard<T> {
  const guards = Object.entries<Guard<unknown>>(members);
  return (value): value is T => isRecord(value) && guards.every(([name, guard]) => guard(value[name]));
}
