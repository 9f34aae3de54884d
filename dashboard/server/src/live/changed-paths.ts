import type { LiveOp, LiveState } from '@trame/protocol/live-state';

/** Paths of the live state that changed since the last revision; each once, its latest value wins. */
export class ChangedPaths {
  readonly #paths = new Map<string, readonly string[]>();

  add(path: readonly string[]): void {
    const key = path.join(SEPARATOR);
    if (!this.#paths.has(key)) this.#paths.set(key, path);
  }

  get isEmpty(): boolean {
    return this.#paths.size === 0;
  }

  /** @returns the changes with their present values, and forgets them. A path below another changed one is left out. */
  take(state: LiveState): LiveOp[] {
    const ops: LiveOp[] = [];
    for (const path of this.#paths.values()) {
      if (this.#isBelowAnother(path)) continue;
      const value = valueAt(state, path);
      ops.push(value === undefined ? { path: [...path] } : { path: [...path], value });
    }
    this.#paths.clear();
    return ops;
  }

  #isBelowAnother(path: readonly string[]): boolean {
    let key = '';
    for (const part of path.slice(0, -1)) {
      key = key === '' ? part : key + SEPARATOR + part;
      if (this.#paths.has(key)) return true;
    }
    return false;
  }
}

/** No name holds it: names are printable. */
const SEPARATOR = '\u0000';

function valueAt(state: LiveState, path: readonly string[]): unknown {
  let at: unknown = state;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}
