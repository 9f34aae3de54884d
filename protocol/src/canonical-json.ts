/** One text for one value: JSON Canonicalization Scheme (RFC 8785), so that its hash is the same everywhere. */
import canonicalize from 'canonicalize';

/**
 * @returns the canonical text: members sorted by UTF-16 code units, ECMAScript numbers, no white space.
 * @throws on what JSON cannot say: NaN, infinity, a lone surrogate, a cycle, no value at all.
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a value without JSON form has no canonical text');
  return text;
}
