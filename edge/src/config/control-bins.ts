/** What happens when a bin is full: people are warned, then it is led elsewhere, or the line held. */
import type { BinConfig, SorterConfig } from '../domain/control/control-config.ts';
import { condition } from './condition.ts';
import { complete, listOf, readMap, type Reader } from './config-node.ts';
import type { DeviceBook } from './device-book.ts';
import { integer, Names, oneOf } from './scalar-readers.ts';
import { unknown } from './tag-refs.ts';

const MAX_BINS = 64;
const DEFAULT_WARN_PERCENT = 80;

export interface BinsContext {
  readonly book: DeviceBook;
  readonly device: string | null;
  /** Ids of `roles.outlets`. */
  readonly outlets: readonly string[];
  readonly sorter: SorterConfig | null;
  readonly hasPlc: boolean;
}

export function bins(context: BinsContext): Reader<BinConfig[]> {
  const names = new Names('bin');
  const { book, device, outlets } = context;
  return listOf((node) => {
    const map = readMap(node, ['outlet', 'warn', 'full', 'reaction']);
    if (map === undefined) return undefined;
    const outlet = map.required('outlet', (at) => {
      const id = at.scalar;
      if (typeof id !== 'string' || !outlets.includes(id))
        return at.fail(unknown('outlet', String(id), outlets));
      return names.claim(id, at) ? id : undefined;
    });
    return complete<BinConfig>({
      outlet,
      warnPercent: map.optional('warn', integer('a level in %', 1, 100), DEFAULT_WARN_PERCENT),
      full: map.required('full', condition(book, device)),
      reaction: map.optional('reaction', reaction(outlet, context), { kind: 'none' } as const),
    });
  }, MAX_BINS);
}

/** `none`, `hold`, or `{ divert: manuel }`. */
function reaction(
  outlet: string | undefined,
  { sorter, hasPlc }: BinsContext,
): Reader<BinConfig['reaction']> {
  return (node) => {
    if (!node.isMap) {
      const kind = oneOf(['none', 'hold'] as const)(node);
      if (kind === undefined) return undefined;
      if (kind === 'hold' && !hasPlc) return node.fail('nothing can be held without methods or a handshake');
      return { kind };
    }
    const map = readMap(node, ['divert']);
    const at = map?.get('divert') ?? null;
    if (map === undefined || at === null) return map?.at.missing('divert');
    const numbered = Object.keys(sorter?.outlets ?? {});
    const to = at.scalar;
    if (typeof to !== 'string' || !numbered.includes(to)) {
      return at.fail(unknown('outlet of the sorter', String(to), numbered));
    }
    if (outlet === undefined) return undefined;
    if (to === outlet) return at.fail('a full bin cannot be led to itself');
    if (sorter?.diverters[outlet] === undefined) {
      return at.fail(`${outlet} cannot be led elsewhere: sorter.diverters has no ${outlet}`);
    }
    return { kind: 'divert', to };
  };
}
