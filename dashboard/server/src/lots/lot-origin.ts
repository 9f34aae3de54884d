/**
 * Where a lot comes from: its collector, the points of the tour, and the communes with a stated key. Kilograms by
 * commune are an allocation: whichever key was really used is what is written down.
 */
import type { LotAttributeBody } from '@trame/protocol/material/lot-acts';
import type { LotReceived } from '@trame/protocol/material/lot-events';
import type { AllocationKey } from '@trame/protocol/material/material-names';
import { refused, type ActContext, type Refused } from '../material/decision.ts';
import type { PartnerTable } from '../material/material-tables.ts';
import { shareOut } from '../material/shares.ts';
import { communesOf, isRefused, PERMILLE_WHOLE, type CommunePart } from '../partners/communes.ts';
import { communesOfPartner, pointsOf } from '../partners/partner-lists.ts';

export type OriginSaid = Pick<LotAttributeBody, 'collector' | 'points' | 'communes' | 'allocation'>;
export type Origin = Pick<LotReceived, 'collector' | 'points' | 'communes' | 'allocation'>;

export interface KnownOrigin {
  readonly kind: 'origin';
  readonly origin: Origin;
  /** `no-fill-level`: the key that was asked for cannot be worked out, another was used. */
  readonly warnings: readonly string[];
}

interface Allocation {
  readonly communes: readonly CommunePart[];
  readonly allocation: AllocationKey;
}

const UNKNOWN: Allocation = { communes: [], allocation: 'none' };

/**
 * Communes that are given stand as they are given. Without them: by fill levels where the points have both a level
 * and a commune; else as the collector's tour has them; else nothing is known.
 */
export async function originOf(
  { book }: ActContext,
  { collector, points: saidPoints = [], communes: said, allocation: key }: OriginSaid,
): Promise<KnownOrigin | Refused> {
  const partner = collector === null ? undefined : await book.partner(collector);
  if (collector !== null) {
    const wrong = collectorRefusal(collector, partner);
    if (wrong !== null) return wrong;
  }
  const points = saidPoints.map(({ point, fillPercent }) => ({ point, fillPercent: fillPercent ?? null }));
  const tour = communesOfPartner(partner);
  const given = communesOf(said ?? [], tour);
  if (isRefused(given)) return given;
  const byLevel = fillAllocation(points, partner, [...given, ...tour]);
  const { communes, allocation } =
    given.length > 0 ? { communes: given, allocation: key ?? keyOf(given) } : byKey(key, byLevel, tour);
  const asked = key === 'fill-level' && allocation !== 'fill-level';
  return {
    kind: 'origin',
    origin: { collector, points, communes: [...communes], allocation },
    warnings: asked ? ['no-fill-level'] : [],
  };
}

function collectorRefusal(collector: string, partner: PartnerTable | undefined): Refused | null {
  if (partner === undefined) {
    return refused('unknown-partner', `no partner «${collector}» is declared`, { partner: collector });
  }
  if (partner.role !== 'collector') {
    return refused('unknown-partner', `«${collector}» is a ${partner.role}, not a collector`, {
      partner: collector,
      role: partner.role,
    });
  }
  return partner.retired === 1
    ? refused('retired', `collector «${collector}» is out of use`, { partner: collector })
    : null;
}

function byKey(
  key: AllocationKey | undefined,
  byLevel: Allocation | null,
  tour: readonly CommunePart[],
): Allocation {
  if (key === 'none') return UNKNOWN;
  if (byLevel !== null && (key === undefined || key === 'fill-level')) return byLevel;
  if (tour.length === 0) return UNKNOWN;
  if (key === 'equal') {
    return {
      communes: partsOf(
        tour,
        tour.map(() => 1),
      ),
      allocation: 'equal',
    };
  }
  // A tour's own parts are never those of one truck.
  return { communes: tour, allocation: isEven(tour) ? 'equal' : 'population' };
}

/** A lot of one commune was weighed apart, whatever else is known. */
function keyOf(communes: readonly CommunePart[]): AllocationKey {
  if (communes.length === 1) return 'weighed-apart';
  return isEven(communes) ? 'equal' : 'population';
}

function isEven(communes: readonly CommunePart[]): boolean {
  const parts = communes.map(({ permille }) => permille);
  return Math.max(...parts) - Math.min(...parts) <= 1;
}

/** @returns null when no point of the tour has both a level and a commune. */
function fillAllocation(
  points: Origin['points'],
  partner: PartnerTable | undefined,
  known: readonly CommunePart[],
): Allocation | null {
  const communeOf = new Map(pointsOf(partner).map(({ point, insee }) => [point, insee]));
  const levels = new Map<string, number>();
  for (const { point, fillPercent } of points) {
    const insee = communeOf.get(point) ?? null;
    if (insee === null || fillPercent === null || fillPercent === 0) continue;
    levels.set(insee, (levels.get(insee) ?? 0) + fillPercent);
  }
  if (levels.size === 0) return null;
  const communes = [...levels.keys()].map((insee) => ({
    insee,
    name: known.find((one) => one.insee === insee)?.name ?? '',
  }));
  return { communes: partsOf(communes, [...levels.values()]), allocation: 'fill-level' };
}

/** @returns a thousand parts in proportion to the weights, by largest remainder. */
function partsOf(
  communes: readonly Pick<CommunePart, 'insee' | 'name'>[],
  weights: readonly number[],
): CommunePart[] {
  const whole = communes.map(({ insee }, index) => ({ lot: insee, grams: weights[index] ?? 0 }));
  const parts = new Map(shareOut(whole, PERMILLE_WHOLE).map(({ lot, grams }) => [lot, grams]));
  return communes.map(({ insee, name }) => ({ insee, name, permille: parts.get(insee) ?? 0 }));
}
