/** Lots and containers go on a line: all of them, a weighed part, or as much as the infeed scale will count. */
import { account } from '@trame/protocol/material/accounts';
import type { LineLoadBody } from '@trame/protocol/material/line-acts';
import { LOTS_AT_INFEED_MAX, type LineLoaded } from '@trame/protocol/material/line-events';
import { gramsAt, moreThanThere, takeEvenly, type LotPlace } from '../lots/lot-places.ts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import { resolveWeight } from '../material/resolve-weight.ts';
import { infeedPlaces, moveWhole } from './infeed-places.ts';
import { lineRefusal } from './known-line.ts';

type Counted = LineLoaded['counted'];

/** A lot whose weight is still to come cannot go on: nobody could say later what became of it. */
export const loadLine: Decide<LineLoadBody> = async (context, body, line) => {
  const wrongLine = lineRefusal(context, line);
  if (wrongLine !== null) return wrongLine;
  const found = await infeedPlaces(context, body.from);
  if (found.kind === 'refused') return found;
  const { places } = found;
  if (places.length > LOTS_AT_INFEED_MAX) {
    return refused('too-much-at-once', `${places.length} places at once, at most ${LOTS_AT_INFEED_MAX}`, {
      count: places.length,
      limit: LOTS_AT_INFEED_MAX,
    });
  }
  const counted = countedOf(context, body, line);
  const load = await loadOf(context, { line, places, body, counted });
  if (load.kind === 'refused') return load;
  const { moves, weight, warnings } = load;
  const from = places.map((place) => place.account);
  const payload = { line, from, counted, weight, moves: [...moves] };
  return recording(line, [{ type: 'line.loaded', occurredAt: context.occurredAt, payload }], { warnings });
};

function countedOf({ reference }: ActContext, { counted, weight }: LineLoadBody, line: string): Counted {
  if (counted !== undefined) return counted;
  if (reference.countedInfeeds.has(line)) return 'by-infeed';
  return weight == null ? 'all' : 'weighed';
}

interface Load extends Pick<LineLoaded, 'weight' | 'moves'> {
  readonly kind: 'load';
  readonly warnings: readonly string[];
}

interface Asked {
  readonly line: string;
  readonly places: readonly LotPlace[];
  readonly body: LineLoadBody;
  readonly counted: Counted;
}

async function loadOf(context: ActContext, asked: Asked): Promise<Load | Refused> {
  const { line, places, counted } = asked;
  const counts = context.reference.countedInfeeds.has(line);
  if (counted === 'by-infeed') {
    const wrong = counts ? await infeedRefusal(context, line, places) : noInfeedScale(line);
    return wrong ?? { kind: 'load', weight: null, moves: [], warnings: [] };
  }
  if (counts) {
    return refused('wrong-state', `the infeed scale of ${line} counts what goes on: it would count twice`, {
      line,
      state: 'counted-infeed',
    });
  }
  if (counted === 'weighed') return weighedLoad(context, asked);
  const to = account('line', line);
  const moves = places.flatMap((place) => moveWhole(place, to));
  return { kind: 'load', weight: null, moves, warnings: [] };
}

function noInfeedScale(line: string): Refused {
  return refused('wrong-state', `line ${line} has no infeed scale that counts`, {
    line,
    state: 'no-infeed-scale',
  });
}

async function infeedRefusal(
  { book, reference }: ActContext,
  line: string,
  places: readonly LotPlace[],
): Promise<Refused | null> {
  for (const other of reference.lines) {
    const there = await book.infeed(other);
    const twice = places.find((place) => there.includes(place.account));
    if (twice !== undefined) {
      return refused('already-done', `${twice.account} is at the infeed of ${other} already`, {
        account: twice.account,
        line: other,
      });
    }
    if (other === line && there.length + places.length > LOTS_AT_INFEED_MAX) {
      return refused('too-much-at-once', `${there.length} are at the infeed of ${line} already`, {
        count: there.length + places.length,
        limit: LOTS_AT_INFEED_MAX,
      });
    }
  }
  return null;
}

/** A part: of all of it, `all` is said. */
async function weighedLoad(context: ActContext, { line, places, body }: Asked): Promise<Load | Refused> {
  if (body.weight == null) return refused('not-weighed', 'how much of it goes on is not said', { line });
  const [only] = places;
  const container = places.length === 1 && only !== undefined ? await containerOf(context, only) : undefined;
  const resolved = await resolveWeight(context, body.weight, {
    tareGrams: container?.tareGrams ?? null,
    use: 'reception',
  });
  if (resolved.kind === 'refused') return resolved;
  const { netGrams, weight, warnings } = resolved;
  const from = places.map((place) => place.account).join(', ');
  const wrong = moreThanThere(from, netGrams, gramsAt(places));
  if (wrong !== null) return wrong;
  const moves = takeEvenly(places, account('line', line), netGrams);
  return { kind: 'load', weight, moves, warnings };
}

function containerOf({ book }: ActContext, { account: name }: LotPlace) {
  return name.startsWith('container:') ? book.container(name.slice('container:'.length)) : undefined;
}
