/** What decisions and pages choose from: outlets, presses, zones, scales of one site, with every default filled in. */
import type { OutputUnit } from '@trame/protocol/material/material-names';
import type { OutletNames } from '@trame/protocol/sort-programmes/outlet-names';
import type { StopCause } from '@trame/protocol/stops/stop-names';

export interface ReferenceOutlet {
  readonly id: string;
  readonly label: string;
  readonly pictogram: string;
  readonly group: string | null;
  readonly family: string | null;
  readonly unit: OutputUnit;
  readonly packagingGrams: number;
  /** Usual net weights; null: none stated. */
  readonly usualGrams: { readonly min: number; readonly max: number } | null;
  readonly wasteCode: string | null;
  readonly operation: string | null;
}

export interface ReferencePress {
  readonly id: string;
  readonly label: string;
  readonly line: string;
  readonly scale: string | null;
  /** Outlets open at it. */
  readonly outlets: readonly string[];
}

export interface ReferenceZone {
  readonly id: string;
  readonly label: string;
  readonly ceilingGrams: number | null;
  readonly ceilingLitres: number | null;
  readonly kgPerM3: number | null;
  /** What is put here when nobody says where. */
  readonly holds: 'deliveries' | 'outputs' | 'all' | 'nothing';
}

/** Textiles lying loose, rather too light: a volume is better told too large than too small. */
export const DEFAULT_KG_PER_M3 = 100;

export interface ReferenceScale {
  readonly id: string;
  readonly label: string;
  readonly line: string;
  readonly use: 'reception' | 'bale' | 'any';
  readonly intervalGrams: number | null;
}

export interface ReferencePrinter {
  readonly id: string;
  readonly label: string;
  readonly host: string;
  readonly port: number;
  readonly presses: readonly string[];
}

export interface Reference {
  readonly site: string;
  /** Line whose edge keeps the book. */
  readonly bookKeeper: string;
  readonly lines: readonly string[];
  /** Lines that have an infeed scale which counts. */
  readonly countedInfeeds: ReadonlySet<string>;
  readonly outlets: readonly ReferenceOutlet[];
  readonly presses: readonly ReferencePress[];
  readonly zones: readonly ReferenceZone[];
  readonly siteCeiling: {
    readonly grams: number | null;
    readonly litres: number | null;
    /** Of what stands in no zone, or in one that states none. */
    readonly kgPerM3: number;
  };
  readonly scales: readonly ReferenceScale[];
  readonly printers: readonly ReferencePrinter[];
  readonly containerTares: ReadonlyMap<string, number>;
  readonly gs1: { readonly prefix: string; readonly extension: number; readonly demo: boolean } | null;
  /** Without a slash at the end. */
  readonly ownDomain: string;
  readonly demo: boolean;
  /** Why a line may have stopped. */
  readonly stopCauses: readonly StopCause[];
  /** How many accounts have to agree before a line is told to follow a sort programme. */
  readonly programmeApprovals: 1 | 2;
  /** Outlets of lines that say themselves which they have; of others those of the site count. */
  readonly lineOutlets: ReadonlyMap<string, readonly string[]>;
}

/** @returns outlets to which a sort programme may lead, of a line or of the site; null: not known. */
export function programmeOutlets(reference: Reference, line: string | null): readonly string[] | null {
  const own = line === null ? undefined : reference.lineOutlets.get(line);
  const outlets = own ?? reference.outlets.map(({ id }) => id);
  return outlets.length === 0 ? null : outlets;
}

/** For what is said of programmes. */
export function outletNames(reference: Reference): OutletNames {
  return Object.fromEntries(reference.outlets.map(({ id, label }) => [id, label]));
}

export function outletOf(reference: Reference, id: string): ReferenceOutlet | undefined {
  return reference.outlets.find((outlet) => outlet.id === id);
}

export function pressOf(reference: Reference, id: string): ReferencePress | undefined {
  return reference.presses.find((press) => press.id === id);
}

export function zoneOf(reference: Reference, id: string): ReferenceZone | undefined {
  return reference.zones.find((zone) => zone.id === id);
}

export function scaleOf(reference: Reference, id: string): ReferenceScale | undefined {
  return reference.scales.find((scale) => scale.id === id);
}

/** @returns where something stands when nobody says where: the zone for it, or the only one; null: there is none. */
export function usualZone({ zones }: Reference, what: 'deliveries' | 'outputs'): string | null {
  const [only, another] = zones;
  const meant = zones.find(({ holds }) => holds === what || holds === 'all');
  return meant?.id ?? (another === undefined ? (only?.id ?? null) : null);
}
