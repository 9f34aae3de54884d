/** What a truck brings: a pure function of the seed and the delivery's number, so that deliveries need not be stored. */
import { lotAt, type LotCondition } from '../plant/lot.ts';
import { integerBetween, pick, seedRandom, uniform } from '../plant/random.ts';

/** An organisation that brings textiles. All of them are invented. */
export interface Collector {
  readonly id: string;
  readonly name: string;
  readonly points: readonly CollectionPoint[];
}

/** Where it was collected. The commune by its INSEE code. */
export interface CollectionPoint {
  readonly id: string;
  readonly commune: string;
  readonly communeName: string;
}

export interface Delivery {
  /** From 1. */
  readonly number: number;
  /** As it stands on the delivery note. */
  readonly id: string;
  readonly collector: Collector;
  readonly vehicle: string;
  readonly condition: LotCondition;
  /** Collection points of the tour, with how full each was found, in percent. */
  readonly points: readonly { readonly point: CollectionPoint; readonly fillPercent: number }[];
  readonly containers: number;
}

export type VesselKind = 'cage' | 'trolley' | 'pallet';

/** A container with its plate. It comes back again and again, with the same tare. */
export interface Vessel {
  readonly id: string;
  readonly kind: VesselKind;
  /** Grams, a multiple of 100 as plates say it. */
  readonly tareG: number;
}

/** Containers in circulation: more than trucks, yard and tables can hold at once. */
export const vesselCount = 80;

const deliveryStream = 0xde1;
const vesselStream = 0x7a2;

function point(id: string, commune: string, communeName: string): CollectionPoint {
  return { id, commune, communeName };
}

export const collectors: readonly Collector[] = [
  {
    id: 'relais-estuaire',
    name: "Relais de l'Estuaire (démo)",
    points: [
      point('EST-01', '76384', 'Lillebonne'),
      point('EST-02', '76384', 'Lillebonne'),
      point('EST-03', '76476', 'Port-Jérôme-sur-Seine'),
      point('EST-04', '76476', 'Port-Jérôme-sur-Seine'),
    ],
  },
  {
    id: 'bornes-de-caux',
    name: 'Bornes de Caux (démo)',
    points: [
      point('CAU-01', '76114', 'Bolbec'),
      point('CAU-02', '76758', 'Yvetot'),
      point('CAU-03', '76164', 'Rives-en-Seine'),
    ],
  },
  {
    id: 'ressourcerie-du-littoral',
    name: 'Ressourcerie du Littoral (démo)',
    points: [point('LIT-01', '76259', 'Fécamp'), point('LIT-02', '76305', 'Gonfreville-l’Orcher')],
  },
];

const letters = 'ABCDEFGHJKLMNPQRSTVWXYZ';

/** Delivery `number` (from 1) of the plant with this seed. */
export function deliveryAt(seed: number, number: number): Delivery {
  const random = seedRandom(seed, deliveryStream, number);
  const lot = lotAt(seed, number);
  const collector = pick(
    random,
    collectors.map((each) => [each, 1] as const),
  );
  const letter = (): string => letters[integerBetween(random, 0, letters.length - 1)] ?? 'A';
  const digits = String(integerBetween(random, 100, 999));
  const tour = collector.points.filter(() => uniform(random) < 0.7);
  const visited = tour.length > 0 ? tour : collector.points.slice(0, 1);
  return {
    number,
    id: `D-${String(number).padStart(4, '0')}`,
    collector,
    vehicle: `${letter()}${letter()}-${digits}-${letter()}${letter()}`,
    condition: lot.condition,
    points: visited.map((each) => ({ point: each, fillPercent: 10 * integerBetween(random, 2, 10) })),
    containers: lot.cages,
  };
}

/** The container of this number, counted over the whole life of the plant: the same ones circulate. */
export function vesselAt(seed: number, count: number): Vessel {
  const place = count % vesselCount;
  const random = seedRandom(seed, vesselStream, place);
  const kind = pick<VesselKind>(random, [
    ['cage', 6],
    ['trolley', 3],
    ['pallet', 1],
  ]);
  const hundredsG = { cage: [550, 680], trolley: [180, 240], pallet: [210, 240] } as const;
  const [low, high] = hundredsG[kind];
  return {
    id: `C-${String(place + 1).padStart(3, '0')}`,
    kind,
    tareG: 100 * integerBetween(random, low, high),
  };
}
