/** The label of a bale as the records tell of it. */
import type { BaleRow } from '@trame/protocol/material/material-answers';
import { OUTPUT_UNITS, type OutputUnit } from '@trame/protocol/material/material-names';
import { WEIGHT_SOURCES, type WeightSource } from '@trame/protocol/material/move';
import { outputAddress } from '@trame/protocol/scanned-code';
import { parseSscc } from '@trame/protocol/sscc';
import { outletOf, type Reference } from '../material/reference.ts';
import type { LabelFacts, LabelWeight } from './label-facts.ts';
import { patternOf, pictogramOf } from './pictograms.ts';

export interface LabelledBale {
  readonly bale: BaleRow;
  readonly reference: Reference;
  /** As people call the site and the line; null: the line's name is not shown. */
  readonly siteName: string;
  readonly lineName: string | null;
  /** IANA name of the site's time zone. */
  readonly timeZone: string;
  /** A label of this bale was printed before. */
  readonly reprint: boolean;
}

/** @returns what its label says. An outlet that is configured no more is called by its id. */
export function baleLabelFacts(labelled: LabelledBale): LabelFacts {
  const { bale, reference, siteName, lineName, timeZone, reprint } = labelled;
  const outlet = outletOf(reference, bale.outlet);
  const place = reference.outlets.findIndex(({ id }) => id === bale.outlet);
  const code = bale.code === null ? null : parseSscc(bale.code);
  return {
    number: bale.number,
    unit: unitOf(bale.unit),
    pieces: bale.pieces,
    pairs: bale.pairs,
    outlet: {
      name: outlet?.label ?? bale.outlet,
      pictogram: pictogramOf(outlet?.pictogram ?? bale.outlet, null),
      pattern: patternOf(Math.max(0, place)),
    },
    weight: weightOf(bale),
    packedAtMs: bale.weighedAt ?? bale.startedAt,
    timeZone,
    siteName,
    lineName,
    sscc: code === null ? null : { code, prefix: reference.gs1?.demo === true ? 'demo' : 'licensed' },
    qrContent: outputAddress(reference.ownDomain, bale.id),
    reprint,
    demo: reference.demo,
    voided: bale.status === 'voided',
  };
}

function unitOf(unit: string): OutputUnit {
  const known = OUTPUT_UNITS.find((name) => name === unit);
  if (known === undefined) throw new Error(`no unit of outputs: ${unit}`);
  return known;
}

/** A weight of which nobody says where it came from is not passed off as the scale's. */
function sourceOf(how: string | null): WeightSource {
  return WEIGHT_SOURCES.find((known) => known === how) ?? 'estimated';
}

function weightOf({ netGrams, grossGrams, packagingGrams, weightHow }: BaleRow): LabelWeight {
  if (netGrams === null) return { kind: 'to-weigh' };
  return { kind: 'weighed', netGrams, grossGrams, packagingGrams, how: sourceOf(weightHow) };
}
