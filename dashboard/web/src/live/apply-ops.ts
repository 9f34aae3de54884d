/** Applies the operations of a delta to a live state, without touching what does not change. */
import type { LiveOp } from '@trame/protocol/live-state';

type Branch = Readonly<Record<string, unknown>>;

export type Applied<T> =
  | { readonly kind: 'applied'; readonly state: T }
  /** The delta speaks of a place that this state does not have: the page has lost step. */
  | { readonly kind: 'mismatch'; readonly path: readonly string[] };

/**
 * @returns a state in which every branch that no operation touches is the very same object as before, so that
 * what is drawn from it need not be drawn again.
 */
export function applyOps<T extends object>(state: T, ops: readonly LiveOp[]): Applied<T> {
  let next: unknown = state;
  for (const op of ops) {
    const changed = withOp(next, op.path, op);
    if (changed === null) return { kind: 'mismatch', path: op.path };
    next = changed;
  }
  return { kind: 'applied', state: next as T };
}

function withOp(node: unknown, path: readonly string[], op: LiveOp): Branch | null {
  const [key, ...rest] = path;
  if (key === undefined || !isBranch(node)) return null;
  if (rest.length > 0) {
    if (!Object.hasOwn(node, key)) return null;
    const child = withOp(node[key], rest, op);
    return child === null ? null : withEntry(node, key, child);
  }
  if (Object.hasOwn(op, 'value')) return withEntry(node, key, op.value);
  return Object.fromEntries(Object.entries(node).filter(([name]) => name !== key));
}

/** `Object.fromEntries` makes own properties, so that a name such as `__proto__` stays a name. */
function withEntry(node: Branch, key: string, value: unknown): Branch {
  if (key === '__proto__') return Object.fromEntries([...Object.entries(node), [key, value]]);
  return { ...node, [key]: value };
}

function isBranch(node: unknown): node is Branch {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
