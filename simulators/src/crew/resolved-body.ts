import type { Json } from './memory.ts';

/**
 * A body as it is sent.
 * @param weights what stands for `{"$weight": n}`, by n.
 * @param remaining what stands for `{"$remaining": 0}`.
 */
export function resolved(body: Json, weights: readonly Json[], remaining: number): Json {
  if (typeof body !== 'object' || body === null) return body;
  if (Array.isArray(body)) return body.map((each: Json) => resolved(each, weights, remaining));
  const entries = Object.entries(body as { readonly [key: string]: Json });
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === '$weight') return weights[Number(only[1])] ?? null;
  if (entries.length === 1 && only?.[0] === '$remaining') return remaining;
  return Object.fromEntries(entries.map(([key, value]) => [key, resolved(value, weights, remaining)]));
}
