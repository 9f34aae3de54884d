/** A delivery as it goes into the outbox: the lot, and what of it is refused. */
import type { WeightBody } from '@trame/protocol/material/act-parts';
import type { LotBody, LotRefuseBody } from '@trame/protocol/material/lot-acts';
import type { EntryDraft } from '../outbox/entry.ts';
import { typedGrams } from '../ui/keypad-entry.ts';
import { netGrams, type Load, type ReceptionState } from './reception-state.ts';

/** @param scale that was weighed on; null: the site has none. */
export function lotDraft(state: ReceptionState, scale: string | null, occurredAt: number): EntryDraft {
  const { collector = null, details, loads } = state;
  const points = Object.entries(details.points).map(([point, fillPercent]) => ({ point, fillPercent }));
  const vehicle = details.vehicle.trim();
  const body: LotBody = {
    occurredAt,
    collector,
    skimming: details.skimming,
    legalStatus: details.legalStatus,
    condition: details.condition,
    family: details.family,
    loads: loads.map((load) => ({ container: load.container, weight: weightBody(load, scale) })),
    ...(points.length === 0 ? {} : { points }),
    ...(vehicle === '' ? {} : { vehicle }),
  };
  return {
    path: '/api/v1/lots',
    after: null,
    body: { ...body, occurredAt },
    files: details.files,
    about: { kind: 'lot', collector, grossGrams: netGrams(loads) },
  };
}

/** @returns what follows the lot, or null when nothing is refused. */
export function refuseDraft(state: ReceptionState, lot: string, occurredAt: number): EntryDraft | null {
  const { refusing } = state.details;
  if (refusing.how === 'nothing' || refusing.reason === null) return null;
  const grams = refusing.how === 'part' ? typedGrams(refusing.text) : null;
  const body: LotRefuseBody = { occurredAt, reason: refusing.reason, grams };
  return {
    path: '/api/v1/lots/{id}/refuse',
    after: lot,
    body: { ...body, occurredAt },
    files: [],
    about: { kind: 'refuse', of: lot },
  };
}

/** The tare of a known container is what the site has declared for it; loose material has none. */
function weightBody(load: Load, scale: string | null): WeightBody {
  if (load.how === 'live' && load.weighing !== null) return { how: 'scale', weighing: load.weighing };
  const tare = load.container === null ? { tareGrams: 0 } : {};
  return { how: 'typed', scale, grossGrams: load.grossGrams, ...tare };
}
