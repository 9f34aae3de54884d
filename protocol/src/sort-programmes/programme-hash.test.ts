import { describe, expect, it } from 'vitest';
import { decideOutlet } from './decide-outlet.ts';
import { programmeHash } from './programme-hash.ts';
import { KNOWN_NOTHING, compiled, programmeOf, rule } from './test-programmes.ts';

const programme = programmeOf(
  rule('a', {
    'fibre.cotton': { atLeast: 't80' },
    colour: { in: ['white'] },
    disruptors: { noneOf: ['zip'] },
  }),
);

/** The same with the keys of every object turned round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, turned(member)]),
  );
}

describe('the hash of a programme', () => {
  it('is the same in whatever order its keys stand, and so is every decision, the reasons included', () => {
    const other = turned(programme) as typeof programme;
    expect(Object.keys(other.rules[0]?.when ?? {})[0]).toBe('disruptors');
    expect(programmeHash(other)).toBe(programmeHash(programme));
    const facts = { ...KNOWN_NOTHING, colour: 'black' as const, disruptors: ['zip' as const] };
    expect(decideOutlet(compiled(other), facts)).toEqual(decideOutlet(compiled(programme), facts));
  });

  it('is another one as soon as anything is', () => {
    const hashes = [
      programme,
      { ...programme, version: 2 },
      { ...programme, rules: programme.rules.toReversed() },
      { ...programme, thresholds: { ...programme.thresholds, t80: { value: 80.5, source: 'essai' } } },
    ].map((one) => programmeHash(one));
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashes.every((hash) => /^[0-9a-f]{64}$/u.test(hash))).toBe(true);
  });
});
