/**
 * What people say of single pieces: the ledger has it first, then it is kept beside the piece. An edge that is killed between
 * the two finds it in its ledger and adds it at its next start. What the store does not take now is tried again while this edge
 * runs; of several that an edge ended with, the ledger has all, and the store only the last.
 */
import type { VerdictChanged } from '@trame/protocol/classification/classification-events';
import type { ItemOverrideArgs } from '@trame/protocol/classification/item-requests';
import { OVERRIDE_REASONS, type SortingRefusal } from '@trame/protocol/classification/item-names';
import { literals, nullable } from '@trame/protocol/schema';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { itemKey, type ItemKey, type ItemOverride } from '../domain/sorting/item.ts';
import type { Clock } from '../ports/clock.ts';
import type { ItemOverriding, OverrideVerdict } from '../ports/item-overriding.ts';
import { OVERRIDES_PER_ITEM_MAX, type ItemStore } from '../ports/item-store.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/slept.ts';

/** Holds what was said last of any piece. */
export const OVERRIDE_MARK = 'item.override';
/** What waits for the store; past it the oldest is in the ledger alone. */
export const OVERRIDES_WAITING_MAX = 64;
const RETRY_MS = 5000;

export interface OverrideKeeperOptions {
  readonly items: Pick<ItemStore, 'find' | 'override'>;
  readonly line: string;
  /** Those that the sorter has. */
  readonly outlets: readonly string[];
  /** {@link OVERRIDE_MARK} of the ledger as the edge starts. */
  readonly told: string | null;
  readonly clock: Clock;
  readonly log: Log;
}

interface Waiting {
  readonly key: ItemKey;
  readonly override: ItemOverride;
}

const Mark = Type.Object({
  item: Type.String(),
  override: Type.Object({
    atMs: Type.Number(),
    from: Type.String(),
    to: Type.String(),
    reason: literals(OVERRIDE_REASONS),
    note: Type.String(),
    actorRef: nullable(Type.String()),
  }),
});

export class OverrideKeeper implements ItemOverriding {
  readonly #options: OverrideKeeperOptions;
  #waiting: Waiting[] = [];

  constructor(options: OverrideKeeperOptions) {
    this.#options = options;
    const told = options.told === null ? null : readMark(options.told);
    if (told !== null && !this.#isKept(told)) this.#keepAll([told]);
  }

  /** Nothing is changed by it. @param actorRef who says so. */
  judge({ item, to, reason, note }: ItemOverrideArgs, actorRef: string | null): OverrideVerdict {
    const { items, line, outlets, clock } = this.#options;
    if (!outlets.includes(to)) {
      return refused(
        'unknown-outlet',
        `le trieur n'a pas la sortie « ${to} » ; il a : ${outlets.join(', ')}`,
      );
    }
    const key = itemKey(item);
    if (key === null) return refused('unknown-item', `« ${item} » ne désigne aucune pièce`);
    const kept = items.find(key);
    if (kept.kind === 'unavailable') return refused('items-away', kept.reason);
    if (kept.found === null)
      return refused('unknown-item', `la pièce ${item} n'est pas, ou plus, gardée ici`);
    const said = [...kept.found.overrides, ...this.#waitingOf(key)];
    if (said.length >= OVERRIDES_PER_ITEM_MAX) {
      return refused('too-many-overrides', `cette pièce a déjà été changée ${OVERRIDES_PER_ITEM_MAX} fois`);
    }
    const from = said.at(-1)?.to ?? kept.found.item.outlet;
    if (from === to) return refused('same-outlet', `cette pièce va déjà à « ${to} »`);
    const atMs = clock.nowMs();
    const override: ItemOverride = { atMs, from, to, reason, note, actorRef };
    const change: VerdictChanged = { line, item, from, to, reason, note };
    const mark = JSON.stringify({ item, override });
    return { kind: 'change', change, atMs, mark, markName: OVERRIDE_MARK };
  }

  /** It is in the ledger: kept beside the piece as well, now or a little later. @param mark of {@link judge}. */
  recorded(mark: string): void {
    const told = readMark(mark);
    if (told === null) throw new Error(`this is no mark of an override: ${mark}`);
    this.#keepAll([...this.#waiting, told]);
  }

  /** Tries again until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (await slept(this.#options.clock, RETRY_MS, signal)) {
      if (this.#waiting.length > 0) this.#keepAll(this.#waiting);
    }
  }

  #keepAll(all: readonly Waiting[]): void {
    const { items, log } = this.#options;
    const left: Waiting[] = [];
    for (const one of all) {
      // What was said of one piece stays in its order.
      const isHeldUp = left.some(({ key }) => isSame(key, one.key));
      const outcome = isHeldUp ? 'not-stored' : items.override(one.key, one.override);
      if (outcome === 'not-stored') left.push(one);
      else if (outcome !== 'kept') {
        log.info({ ...one.key, outcome }, 'what was said of a piece is in the ledger alone');
      }
    }
    const excess = left.length - OVERRIDES_WAITING_MAX;
    if (excess > 0) log.warn({ excess }, 'what was said of some pieces is in the ledger alone');
    this.#waiting = left.slice(-OVERRIDES_WAITING_MAX);
  }

  #waitingOf(key: ItemKey): readonly ItemOverride[] {
    return this.#waiting.filter((one) => isSame(one.key, key)).map(({ override }) => override);
  }

  #isKept({ key, override }: Waiting): boolean {
    const kept = this.#options.items.find(key);
    if (kept.kind === 'unavailable') return false;
    return kept.found?.overrides.some((one) => isSameOverride(one, override)) ?? true;
  }
}

function isSame(a: ItemKey, b: ItemKey): boolean {
  return a.device === b.device && a.life === b.life && a.seq === b.seq;
}

function isSameOverride(a: ItemOverride, b: ItemOverride): boolean {
  const names = ['atMs', 'from', 'to', 'reason', 'note', 'actorRef'] as const;
  return names.every((name) => a[name] === b[name]);
}

/** @returns null: it is none. */
function readMark(text: string): Waiting | null {
  const value: unknown = JSON.parse(text);
  if (!Value.Check(Mark, value)) return null;
  const key = itemKey(value.item);
  return key === null ? null : { key, override: value.override };
}

function refused(refusal: SortingRefusal, detail: string): OverrideVerdict {
  return { kind: 'refused', refusal, detail };
}
