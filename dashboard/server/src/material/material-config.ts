/** What a site says of its outlets, presses, zones and printers: `material:` of dashboard.yaml. */
import { OUTPUT_UNITS, PRODUCT_FAMILIES } from '@trame/protocol/material/material-names';
import { closed, literals } from '@trame/protocol/schema';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type, type Static } from 'typebox';

const Id = Type.String({ pattern: ID_PATTERN });
const Label = Type.String({ minLength: 1, maxLength: 60 });
const Kg = Type.Number({ minimum: 0, maximum: 10_000 });

export const OutletSettings = Type.Object(
  {
    id: Id,
    label: Label,
    /** Name of a pictogram of the page; left out: the outlet's id. */
    pictogram: Type.Optional(Id),
    /** Tiles of one group share a page of the kiosk. */
    group: Type.Optional(Label),
    family: Type.Optional(literals(PRODUCT_FAMILIES)),
    unit: Type.Optional(literals(OUTPUT_UNITS)),
    packagingKg: Type.Optional(Kg),
    /** Usual net weight; outside it somebody is asked to look. */
    usualKg: Type.Optional(Type.Object({ min: Kg, max: Kg }, closed)),
    wasteCode: Type.Optional(Type.String({ maxLength: 10 })),
    operation: Type.Optional(Type.String({ maxLength: 4 })),
  },
  closed,
);

export const MaterialSettings = Type.Object(
  {
    /** Line whose edge keeps the book; left out: the only line. */
    bookKeeper: Type.Optional(Id),
    outlets: Type.Optional(Type.Array(OutletSettings, { maxItems: 64 })),
    presses: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Id,
            label: Label,
            line: Type.Optional(Id),
            scale: Type.Optional(Id),
            /** Open at this press; left out: all. */
            outlets: Type.Optional(Type.Array(Id, { maxItems: 64 })),
          },
          closed,
        ),
        { maxItems: 16 },
      ),
    ),
    zones: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Id,
            label: Label,
            /** What stands here when nobody says where; left out: nothing by itself, unless it is the only zone. */
            holds: Type.Optional(literals(['deliveries', 'outputs', 'all'] as const)),
            ceilingT: Type.Optional(Type.Number({ minimum: 0 })),
            ceilingM3: Type.Optional(Type.Number({ minimum: 0 })),
            /** To tell the volume of what has none of its own. */
            kgPerM3: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
          },
          closed,
        ),
        { maxItems: 64 },
      ),
    ),
    siteCeiling: Type.Optional(
      Type.Object(
        {
          t: Type.Optional(Type.Number({ minimum: 0 })),
          m3: Type.Optional(Type.Number({ minimum: 0 })),
          /** To tell the volume of what stands in no zone, or in one that states none; left out: 100. */
          kgPerM3: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
        },
        closed,
      ),
    ),
    containerKinds: Type.Optional(
      Type.Array(Type.Object({ kind: Id, tareKg: Kg }, closed), { maxItems: 16 }),
    ),
    scales: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Id,
            label: Label,
            line: Type.Optional(Id),
            use: literals(['reception', 'bale', 'any'] as const),
            intervalKg: Type.Optional(Kg),
          },
          closed,
        ),
        { maxItems: 16 },
      ),
    ),
    printers: Type.Optional(
      Type.Array(
        Type.Object(
          {
            id: Id,
            label: Label,
            /** `tcp://host:9100`. */
            url: Type.String({ pattern: '^tcp://[^/]+:\\d{1,5}$', maxLength: 255 }),
            /** Presses whose outputs it prints by itself; left out: none. */
            presses: Type.Optional(Type.Array(Id, { maxItems: 16 })),
          },
          closed,
        ),
        { maxItems: 16 },
      ),
    ),
    /** A GS1 company prefix is licensed; without one, labels carry addresses of one's own domain. */
    gs1: Type.Optional(
      Type.Object(
        {
          prefix: Type.String({ pattern: '^\\d{6,12}$' }),
          extension: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })),
          /** A prefix of nobody, for demonstrations: printed on every label. */
          demo: Type.Optional(Type.Boolean()),
        },
        closed,
      ),
    ),
    /** Address under which labels and EPCIS name things; left out: `https://trame.invalid`. */
    ownDomain: Type.Optional(Type.String({ pattern: '^https://[^\\s]+[^/]$', maxLength: 200 })),
    kiosk: Type.Optional(
      Type.Object({ dpi: Type.Optional(Type.Number({ minimum: 40, maximum: 600 })) }, closed),
    ),
  },
  closed,
);
export type MaterialSettings = Static<typeof MaterialSettings>;
