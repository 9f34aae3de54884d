/** Who wants to know of the answers to a request. */
import type { CommandReply } from '@trame/protocol/command';

export interface ReplyWatcher {
  /** An answer came. */
  readonly heard?: (reply: CommandReply) => void;
  /** It is noted, or could not be. */
  readonly noted?: (reply: CommandReply) => void;
}

export class ReplyWatchers {
  readonly #watchers = new Map<string, Set<ReplyWatcher>>();

  /** @returns what ends the watch. `watcher` is told of each answer to the request. */
  watch(id: string, watcher: ReplyWatcher): () => void {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) this.#watchers.delete(id);
    };
  }

  of(id: string | null): Iterable<ReplyWatcher> {
    return this.#watchers.get(id ?? '') ?? [];
  }
}
