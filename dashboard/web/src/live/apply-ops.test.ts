import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveOp } from '@trame/protocol/live-state';
import { applyOps } from './apply-ops.ts';

const state = { lines: { a: { tags: { x: 1, y: 2 } }, b: { tags: { x: 3 } } } };

describe('applyOps', () => {
  it('sets what is there and what is new', () => {
    const applied = applyOps<object>(state, [
      { path: ['lines', 'a', 'tags', 'x'], value: 10 },
      { path: ['lines', 'c'], value: { tags: {} } },
    ]);
    expect(applied).toEqual({
      kind: 'applied',
      state: { lines: { a: { tags: { x: 10, y: 2 } }, b: { tags: { x: 3 } }, c: { tags: {} } } },
    });
  });

  it('takes away what comes without a value', () => {
    const applied = applyOps<object>(state, [{ path: ['lines', 'a', 'tags', 'y'] }]);
    expect(applied).toEqual({
      kind: 'applied',
      state: { lines: { a: { tags: { x: 1 } }, b: { tags: { x: 3 } } } },
    });
  });

  it('sets null and false, which are values', () => {
    const applied = applyOps<object>({ a: 1, b: 1 }, [
      { path: ['a'], value: null },
      { path: ['b'], value: false },
    ]);
    expect(applied).toEqual({ kind: 'applied', state: { a: null, b: false } });
  });

  it('leaves the state that it was given alone, and keeps what no operation touches', () => {
    const before = structuredClone(state);
    const applied = applyOps(state, [{ path: ['lines', 'a', 'tags', 'x'], value: 10 }]);
    expect(state).toEqual(before);
    if (applied.kind !== 'applied') throw new Error('not applied');
    expect(applied.state.lines.b).toBe(state.lines.b);
    expect(applied.state.lines.a).not.toBe(state.lines.a);
  });

  it.each([
    [['lines', 'nowhere', 'tags']],
    [['lines', 'a', 'tags', 'x', 'deeper']],
    [['constructor', 'prototype', 'polluted']],
    [['__proto__', 'polluted']],
  ])('knows that it has lost step at %j', (path) => {
    expect(applyOps(state, [{ path, value: 1 }])).toEqual({ kind: 'mismatch', path });
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('takes the name __proto__ for a name', () => {
    const applied = applyOps<object>({ a: 1 }, [{ path: ['__proto__'], value: { polluted: true } }]);
    if (applied.kind !== 'applied') throw new Error('not applied');
    expect(Object.getPrototypeOf(applied.state)).toBe(Object.prototype);
    expect(Object.keys(applied.state)).toEqual(['a', '__proto__']);
  });

  it('gives what plain assignment would give, for any run of settings and removals', () => {
    const key = fc.constantFrom('a', 'b', 'c');
    const op = fc.oneof(
      fc.record({ path: fc.tuple(key, key), value: fc.integer() }),
      fc.record({ path: fc.tuple(key, key) }),
    );
    fc.assert(
      fc.property(fc.array(op, { maxLength: 30 }), (ops: LiveOp[]) => {
        const start = { a: {}, b: {}, c: {} };
        const model: Record<string, Record<string, unknown>> = structuredClone(start);
        for (const { path, ...rest } of ops) {
          const [outer = '', inner = ''] = path;
          if ('value' in rest) (model[outer] ??= {})[inner] = rest.value;
          else delete model[outer]?.[inner];
        }
        expect(applyOps(start, ops)).toEqual({ kind: 'applied', state: model });
      }),
    );
  });
});
