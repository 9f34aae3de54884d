/** One text for one value: JSON Canonicalization Scheme (RFC 8785), so that its hash is the same everywhere. */
import canonicalize from 'canonicalize';

/**
 * @returns the canonical text: members sorted by UTF-16 code units, ECMAScript numbers, no white space.
 * @throws on what JSON cannot say: NaN, infinity, a lone surrogate, a cycle, no value at all.
 */
export function canonicalJson(value: unknown): string {
  const sorted = sortFlat(value);
  if (sorted !== null) return JSON.stringify(sorted);
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a value without JSON form has no canonical text');
  return text;
}

/**
 * What most payloads are, in half the time: an object of plain values under plain names, whose members JavaScript
 * writes in the order in which they were put in.
 * @returns the object with its members in order; null when it is more than that, and the library's business.
 */
function sortFlat(value: unknown): object | null {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return null;
  const sorted: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort()) {
    // Names that look like an index come first wherever they are put in; `__proto__` and `toJSON` mean something.
    if (!isPlainName(name)) return null;
    const member: unknown = (value as Record<string, unknown>)[name];
    if (!isPlainMember(member)) return null;
    sorted[name] = member;
  }
  return sorted;
}

function isPlainName(name: string): boolean {
  const first = name.charCodeAt(0);
  return first >= 0x61 && first <= 0x7a && name !== 'toJSON' && name.isWellFormed();
}

function isPlainMember(member: unknown): boolean {
  switch (typeof member) {
    case 'string':
      return member.isWellFormed();
    case 'number':
      return Number.isFinite(member);
    case 'boolean':
      return true;
    default:
      return member === null;
  }
}
