/** `POST /shipments/{id}/load`: an output is scanned onto the truck, and weighed once more if somebody likes. */
import type { ShipmentLoadBody } from '@trame/protocol/material/shipment-acts';
import { wrongState } from '../bales/known-output.ts';
import { outputAccount } from '../bales/output-account.ts';
import { scannedOutput } from '../bales/output-code.ts';
import { weightLimitGrams } from '../bales/weight-limit.ts';
import { notYetThere } from '../material/act-times.ts';
import { recording, refused, type ActContext, type Decide, type Refused } from '../material/decision.ts';
import type { OutputTable } from '../material/material-tables.ts';
import { resolveWeight, type ResolvedWeight } from '../material/resolve-weight.ts';
import { knownShipment } from './known-shipment.ts';

/** Outputs on one truck: as many as one dispatch can move. */
export const OUTPUTS_PER_SHIPMENT_MAX = 200;

export const loadShipment: Decide<ShipmentLoadBody> = async (context, body, target) => {
  const known = await knownShipment(context, target, ['open']);
  if (known.kind === 'refused') return known;
  const { shipment, number } = known.shipment;
  const scanned = await scannedOutput(context, body.code);
  if (scanned.kind === 'refused') return scanned;
  const { output } = scanned;
  const unfit =
    unfitToLoad(output, shipment) ?? notYetThere(context.occurredAt, output.output, output.startedAt);
  if (unfit !== null) return unfit;
  const loaded = (await context.book.shipmentOutputs(shipment)).filter(({ state }) => state === 'loaded');
  if (loaded.length >= OUTPUTS_PER_SHIPMENT_MAX) {
    return refused('too-much-at-once', `${shipment} has ${loaded.length} outputs: open another shipment`, {
      shipment,
      outputs: loaded.length,
      max: OUTPUTS_PER_SHIPMENT_MAX,
    });
  }
  const check = await checked(context, body, output);
  if (check !== null && check.kind === 'refused') return check;
  const payload = {
    shipment,
    output: output.output,
    checkGrams: check?.weight.netGrams ?? null,
    differenceGrams: check?.differenceGrams ?? null,
    weight: check?.weight.weight ?? null,
  };
  const { occurredAt } = context;
  return recording(shipment, [{ type: 'shipment.loaded', occurredAt, payload }], {
    number,
    warnings: check?.warnings ?? [],
  });
};

function unfitToLoad(output: OutputTable, shipment: string): Refused | null {
  const { output: id, number, status, netGrams } = output;
  if (status === 'to-weigh' || status === 'pressed' || (status === 'stock' && netGrams === null)) {
    return refused('not-weighed', `${id} has no weight yet: weigh it first`, {
      output: id,
      number,
      state: status,
    });
  }
  if (status === 'loaded' && output.shipment === shipment)
    return refused('already-done', `${id} is on ${shipment} already`, { output: id, number, shipment });
  return status === 'stock' ? null : wrongState(output);
}

interface Check {
  readonly kind: 'checked';
  readonly weight: ResolvedWeight;
  readonly differenceGrams: number;
  readonly warnings: readonly string[];
}

async function checked(
  context: ActContext,
  body: ShipmentLoadBody,
  output: OutputTable,
): Promise<Check | Refused | null> {
  if (body.weight == null) return null;
  const weight = await resolveWeight(context, body.weight, {
    tareGrams: output.packagingGrams,
    use: 'bale',
    claimant: outputAccount(output),
  });
  if (weight.kind === 'refused') return weight;
  const bookedGrams = output.netGrams ?? 0;
  const differenceGrams = weight.netGrams - bookedGrams;
  const limitGrams = weightLimitGrams(bookedGrams, weight.weight.intervalGrams);
  const differs = Math.abs(differenceGrams) > limitGrams;
  if (differs && body.accept !== true) {
    return refused(
      'weight-differs',
      `${output.output} weighs ${weight.netGrams} g, the book says ${bookedGrams} g; both scales may err by ${limitGrams} g`,
      { output: output.output, checkGrams: weight.netGrams, bookedGrams, differenceGrams, limitGrams },
    );
  }
  const warnings = [...weight.warnings, ...(differs ? ['weight-differs'] : [])];
  return { kind: 'checked', weight, differenceGrams, warnings };
}
