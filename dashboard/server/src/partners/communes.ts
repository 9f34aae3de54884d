/** Parts of communes: a thousand together, whoever states them. */
import { refused, type Refused } from '../material/decision.ts';

export const PERMILLE_WHOLE = 1_000;

export interface CommunePart {
  readonly insee: string;
  readonly name: string;
  readonly permille: number;
}

interface CommuneSaid {
  readonly insee: string;
  readonly name?: string;
  readonly permille: number;
}

/**
 * @param known communes whose names are known already.
 * @returns each commune once, in the order in which they were said.
 */
export function communesOf(
  said: readonly CommuneSaid[],
  known: readonly CommunePart[],
): readonly CommunePart[] | Refused {
  const parts = new Map<string, CommunePart>();
  for (const { insee, name, permille } of said) {
    const before = parts.get(insee);
    parts.set(insee, {
      insee,
      name: name ?? before?.name ?? known.find((one) => one.insee === insee)?.name ?? '',
      permille: (before?.permille ?? 0) + permille,
    });
  }
  const communes = [...parts.values()];
  const whole = communes.reduce((total, { permille }) => total + permille, 0);
  if (communes.length > 0 && whole !== PERMILLE_WHOLE) {
    return refused('communes-not-whole', `the communes have ${whole} of ${PERMILLE_WHOLE} parts together`, {
      permille: whole,
    });
  }
  return communes;
}

export function isRefused(found: readonly CommunePart[] | Refused): found is Refused {
  return 'kind' in found;
}
