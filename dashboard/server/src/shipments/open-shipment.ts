/** `POST /shipments`: a shipment to a client, or out to a subcontractor. */
import type { ShipmentBody } from '@trame/protocol/material/shipment-acts';
import type { PartnerRole, ShipmentPurpose } from '@trame/protocol/material/material-names';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import type { PartnerTable } from '../material/material-tables.ts';

export const openShipment: Decide<ShipmentBody> = async (context, body) => {
  const partner = await knownPartner(context, body.partner, ['client', 'subcontractor']);
  if (partner.kind === 'refused') return partner;
  const { role } = partner.partner;
  const purpose: ShipmentPurpose = role === 'subcontractor' ? 'subcontract' : 'delivery';
  if (body.purpose !== undefined && body.purpose !== purpose) {
    return refused('unknown-partner', `${body.partner} is a ${role}: no ${body.purpose} can go there`, {
      partner: body.partner,
      role,
    });
  }
  const { transporter = null } = body;
  if (transporter !== null) {
    const known = await knownPartner(context, transporter, ['transporter']);
    if (known.kind === 'refused') return known;
  }
  const number = await context.book.nextNumber('shipments');
  const shipment = `E${number}`;
  const payload = {
    shipment,
    number,
    partner: body.partner,
    purpose,
    transporter,
    vehicle: body.vehicle ?? null,
    operation: body.operation ?? null,
    wasteCode: body.wasteCode ?? null,
    note: body.note ?? '',
  };
  const { occurredAt } = context;
  return recording(shipment, [{ type: 'shipment.opened', occurredAt, payload }], { number });
};

export async function knownPartner(
  { book }: ActContext,
  id: string,
  roles: readonly PartnerRole[],
): Promise<{ readonly kind: 'partner'; readonly partner: PartnerTable } | Refused> {
  const partner = await book.partner(id);
  if (partner === undefined) return refused('unknown-partner', `no partner «${id}»`, { partner: id });
  if (!roles.some((role) => role === partner.role)) {
    return refused('unknown-partner', `${id} is a ${partner.role}, not a ${roles.join(' or ')}`, {
      partner: id,
      role: partner.role,
    });
  }
  if (partner.retired !== 0) return refused('retired', `${id} is no longer a partner`, { partner: id });
  return { kind: 'partner', partner };
}
