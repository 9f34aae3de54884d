/** Where an output is put when it enters stock. */
import { refused, type ActContext, type Draft, type Refused } from '../material/decision.ts';
import { usualZone, zoneOf } from '../material/reference.ts';
import { zoneWarnings } from '../material/zone-fill.ts';

export interface ChosenZone {
  readonly kind: 'zone';
  /** Null: nobody says. */
  readonly zone: string | null;
}

/** @param said left out: where outputs usually stand; null: nobody says. */
export function chosenZone({ reference }: ActContext, said: string | null | undefined): ChosenZone | Refused {
  if (said === undefined) return { kind: 'zone', zone: usualZone(reference, 'outputs') };
  if (said !== null && zoneOf(reference, said) === undefined)
    return refused('unknown-zone', `no zone «${said}»`, { zone: said });
  return { kind: 'zone', zone: said };
}

export interface Placing {
  readonly drafts: Draft[];
  readonly warnings: string[];
}

/** @param addedGrams what the zone gets; 0 when it is not weighed. */
export async function placing(
  context: ActContext,
  output: string,
  zone: string | null,
  addedGrams: number,
): Promise<Placing> {
  if (zone === null) return { drafts: [], warnings: [] };
  return {
    drafts: [{ type: 'output.placed', occurredAt: context.occurredAt, payload: { output, zone } }],
    warnings: await zoneWarnings(context, zone, addedGrams),
  };
}
