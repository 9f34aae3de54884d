/** Whoever brings, takes, sorts or carries material is declared under a name that people choose. */
import { UNKNOWN_COLLECTOR } from '@trame/protocol/material/accounts';
import type { PartnerBody } from '@trame/protocol/material/lot-acts';
import { recording, refused, type Decide, type Refused } from '../material/decision.ts';
import { communesOf, isRefused } from './communes.ts';
import { communesOfPartner, pointsOf, type CollectionPoint } from './partner-lists.ts';

/** Declared again, it is changed; what is left out stays as it was. */
export const declarePartner: Decide<PartnerBody> = async (context, body) => {
  const { partner, role, name } = body;
  if (partner === UNKNOWN_COLLECTOR) {
    return refused('already-exists', `«${partner}» stands for whoever is not known`, { partner });
  }
  const before = await context.book.partner(partner);
  const communes = communesOf(body.communes ?? communesOfPartner(before), communesOfPartner(before));
  if (isRefused(communes)) return communes;
  const points = body.points?.map((point) => ({ ...point, insee: point.insee ?? null })) ?? pointsOf(before);
  const doubled = doubledPoint(points);
  if (doubled !== null) return doubled;
  return recording(partner, [
    {
      type: 'partner.declared',
      occurredAt: context.occurredAt,
      payload: {
        partner,
        role,
        name,
        siret: body.siret === undefined ? (before?.siret ?? null) : body.siret,
        accredited: body.accredited ?? before?.accredited === 1,
        points: [...points],
        communes: [...communes],
        retired: body.retired ?? before?.retired === 1,
      },
    },
  ]);
};

function doubledPoint(points: readonly CollectionPoint[]): Refused | null {
  const names = points.map(({ point }) => point);
  const twice = names.find((point, index) => names.indexOf(point) !== index);
  return twice === undefined
    ? null
    : refused('already-exists', `collection point «${twice}» is named twice`, { point: twice });
}
