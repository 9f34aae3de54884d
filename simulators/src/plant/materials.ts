export const fibres = [
  'cotton',
  'flax',
  'wool',
  'viscose',
  'polyester',
  'polyamide',
  'acrylic',
  'polypropylene',
  'elastane',
] as const;
export type Fibre = (typeof fibres)[number];

/** Shares of the fibres of one fabric, summing to 1. */
export type FibreMix = Readonly<Partial<Record<Fibre, number>>>;

/** The fabrics that pass on the line; the key is what the NIR station calls them when it is right. */
export const fabrics = {
  cotton: { cotton: 1 },
  'cotton-stretch': { cotton: 0.96, elastane: 0.04 },
  flax: { flax: 1 },
  viscose: { viscose: 1 },
  wool: { wool: 1 },
  polyester: { polyester: 1 },
  polyamide: { polyamide: 0.9, elastane: 0.1 },
  acrylic: { acrylic: 1 },
  polypropylene: { polypropylene: 1 },
  'cotton-rich': { cotton: 0.65, polyester: 0.35 },
  'polyester-rich': { cotton: 0.35, polyester: 0.65 },
  'wool-polyamide': { wool: 0.7, polyamide: 0.3 },
  'acrylic-wool': { acrylic: 0.6, wool: 0.4 },
  multilayer: { cotton: 0.4, polyester: 0.4, polyamide: 0.2 },
} as const satisfies Record<string, FibreMix>;
export type Fabric = keyof typeof fabrics;

/** How well a fabric answers infrared light: the odds that one clean read is refused. */
export const refusalOdds: Readonly<Record<Fabric, number>> = {
  cotton: 0.01,
  'cotton-stretch': 0.015,
  flax: 0.02,
  viscose: 0.02,
  wool: 0.03,
  polyester: 0.01,
  polyamide: 0.03,
  acrylic: 0.02,
  polypropylene: 0.02,
  'cotton-rich': 0.03,
  'polyester-rich': 0.03,
  'wool-polyamide': 0.08,
  'acrylic-wool': 0.08,
  multilayer: 0.35,
};
