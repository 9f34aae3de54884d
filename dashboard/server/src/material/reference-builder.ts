/** From the configuration and what is known of the lines to everything that decisions and pages choose from. */
import type { LineDescription } from '@trame/protocol/line-description';
import { DEFAULT_STOP_CAUSES, type StopCause } from '@trame/protocol/stops/stop-names';
import { APPROVALS_DEFAULT } from '../sort-programmes/programme-config.ts';
import type { MaterialSettings } from './material-config.ts';
import {
  DEFAULT_KG_PER_M3,
  type Reference,
  type ReferenceOutlet,
  type ReferencePress,
  type ReferencePrinter,
  type ReferenceScale,
  type ReferenceZone,
} from './reference.ts';

export const DEFAULT_PRESS = 'presse-1';
export const DEFAULT_ZONE = 'stock';
/** A name of nobody's, so that a label never points at a stranger. */
export const DEFAULT_DOMAIN = 'https://trame.invalid';
const PRINTER_PORT = 9100;

export interface LineFacts {
  readonly site: string;
  readonly line: string;
  readonly description: LineDescription;
  /** It has an infeed scale whose total is counted. */
  readonly countsInfeed: boolean;
}

/** A scale that weighed. */
export interface SeenScale {
  readonly scale: string;
  readonly line: string;
  readonly use: 'reception' | 'bale';
  readonly intervalGrams: number | null;
}

export interface SiteFacts {
  /** The only site that is heard; null: whatever the broker lets through. */
  readonly ownSite: string | null;
  readonly installation: 'real' | 'demo';
  /** Left out: those that every site begins with. */
  readonly stopCauses?: readonly StopCause[];
  /** Left out: one. */
  readonly programmeApprovals?: 1 | 2;
  readonly lines: readonly LineFacts[];
  readonly scales: (site: string) => readonly SeenScale[];
}

export interface BookKeeper {
  readonly site: string;
  readonly line: string;
}

/** @returns the line whose edge keeps the book: the one that is named, else the only one; null: nobody can know. */
export function bookKeeperOf(
  { bookKeeper }: MaterialSettings,
  { ownSite, lines }: Pick<SiteFacts, 'ownSite' | 'lines'>,
): BookKeeper | null {
  const own = ownSite === null ? lines : lines.filter(({ site }) => site === ownSite);
  const found = bookKeeper === undefined ? own : own.filter(({ line }) => line === bookKeeper);
  const [only] = found;
  if (only !== undefined && found.length === 1) return { site: only.site, line: only.line };
  // It is named, and was never heard: what is asked of it waits until it is.
  return bookKeeper !== undefined && ownSite !== null ? { site: ownSite, line: bookKeeper } : null;
}

/** @returns null when nobody can know whose ledger keeps the book. */
export function buildReference(settings: MaterialSettings, facts: SiteFacts): Reference | null {
  const keeper = bookKeeperOf(settings, facts);
  if (keeper === null) return null;
  const lines = facts.lines.filter(({ site }) => site === keeper.site);
  const names = [...new Set([keeper.line, ...lines.map(({ line }) => line)])].sort();
  const outlets = outletsOf(settings, lines);
  const scales = scalesOf(settings, keeper.line, lines, facts.scales(keeper.site));
  const { gs1, siteCeiling } = settings;
  return {
    site: keeper.site,
    bookKeeper: keeper.line,
    lines: names,
    countedInfeeds: new Set(lines.filter(({ countsInfeed }) => countsInfeed).map(({ line }) => line)),
    outlets,
    presses: pressesOf(settings, keeper.line, outlets, scales),
    zones: zonesOf(settings),
    siteCeiling: {
      grams: gramsOfTonnes(siteCeiling?.t),
      litres: litresOf(siteCeiling?.m3),
      kgPerM3: siteCeiling?.kgPerM3 ?? DEFAULT_KG_PER_M3,
    },
    scales,
    printers: printersOf(settings),
    containerTares: new Map(settings.containerKinds?.map(({ kind, tareKg }) => [kind, gramsOf(tareKg)])),
    gs1:
      gs1 === undefined
        ? null
        : { prefix: gs1.prefix, extension: gs1.extension ?? 0, demo: gs1.demo ?? false },
    ownDomain: settings.ownDomain ?? DEFAULT_DOMAIN,
    demo: facts.installation === 'demo',
    stopCauses: facts.stopCauses ?? DEFAULT_STOP_CAUSES,
    programmeApprovals: facts.programmeApprovals ?? APPROVALS_DEFAULT,
    lineOutlets: new Map(
      lines
        .filter(({ description }) => description.outlets.length > 0)
        .map(({ line, description }) => [line, description.outlets.map(({ id }) => id)]),
    ),
  };
}

function outletsOf({ outlets }: MaterialSettings, lines: readonly LineFacts[]): ReferenceOutlet[] {
  if (outlets !== undefined) {
    return outlets.map((outlet) => ({
      id: outlet.id,
      label: outlet.label,
      pictogram: outlet.pictogram ?? outlet.id,
      group: outlet.group ?? null,
      family: outlet.family ?? null,
      unit: outlet.unit ?? 'bale',
      packagingGrams: gramsOf(outlet.packagingKg ?? 0),
      usualGrams:
        outlet.usualKg === undefined
          ? null
          : { min: gramsOf(outlet.usualKg.min), max: gramsOf(outlet.usualKg.max) },
      wasteCode: outlet.wasteCode ?? null,
      operation: outlet.operation ?? null,
    }));
  }
  const described = new Map<string, string>();
  for (const { id, label } of lines.flatMap(({ description }) => description.outlets)) {
    if (!described.has(id)) described.set(id, label);
  }
  return [...described].map(([id, label]) => ({
    id,
    label,
    pictogram: id,
    group: null,
    family: null,
    unit: 'bale',
    packagingGrams: 0,
    usualGrams: null,
    wasteCode: null,
    operation: null,
  }));
}

function scalesOf(
  { scales }: MaterialSettings,
  keeper: string,
  lines: readonly LineFacts[],
  seen: readonly SeenScale[],
): ReferenceScale[] {
  if (scales !== undefined) {
    return scales.map(({ id, label, line, use, intervalKg }) => {
      const weighed = seen.find(({ scale }) => scale === id);
      const intervalGrams = intervalKg === undefined ? (weighed?.intervalGrams ?? null) : gramsOf(intervalKg);
      return { id, label, line: line ?? weighed?.line ?? keeper, use, intervalGrams };
    });
  }
  const known = new Map<string, ReferenceScale>();
  for (const { scale, line, use, intervalGrams } of seen) {
    known.set(scale, { id: scale, label: scale, line, use, intervalGrams });
  }
  for (const { line, description } of lines) {
    for (const { kind, device, label } of description.stations) {
      if (kind !== 'scale' || device === undefined) continue;
      const weighed = known.get(device);
      known.set(device, weighed === undefined ? drawnScale(device, label, line) : { ...weighed, label });
    }
  }
  return [...known.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function drawnScale(id: string, label: string, line: string): ReferenceScale {
  return { id, label, line, use: 'any', intervalGrams: null };
}

function pressesOf(
  { presses }: MaterialSettings,
  keeper: string,
  outlets: readonly ReferenceOutlet[],
  scales: readonly ReferenceScale[],
): ReferencePress[] {
  const all = outlets.map(({ id }) => id);
  const scaleAt = (line: string) =>
    scales.find((scale) => scale.line === line && scale.use !== 'reception')?.id ??
    scales.find((scale) => scale.line === line)?.id ??
    null;
  const configured = presses ?? [{ id: DEFAULT_PRESS, label: 'Presse 1' }];
  return configured.map((press) => {
    const line = press.line ?? keeper;
    return {
      id: press.id,
      label: press.label,
      line,
      scale: press.scale ?? scaleAt(line),
      outlets: press.outlets ?? all,
    };
  });
}

function zonesOf({ zones }: MaterialSettings): ReferenceZone[] {
  const configured = zones ?? [{ id: DEFAULT_ZONE, label: 'Stock' }];
  return configured.map(({ id, label, holds, ceilingT, ceilingM3, kgPerM3 }) => ({
    id,
    label,
    ceilingGrams: gramsOfTonnes(ceilingT),
    ceilingLitres: litresOf(ceilingM3),
    kgPerM3: kgPerM3 ?? null,
    holds: holds ?? 'nothing',
  }));
}

export function printersOf({ printers }: MaterialSettings): ReferencePrinter[] {
  return (printers ?? []).map(({ id, label, url, presses }) => {
    const { hostname, port } = new URL(url);
    const host = hostname.replace(/^\[|\]$/gu, '');
    return { id, label, host, port: port === '' ? PRINTER_PORT : Number(port), presses: presses ?? [] };
  });
}

function gramsOf(kg: number): number {
  return Math.round(kg * 1_000);
}

function gramsOfTonnes(tonnes: number | undefined): number | null {
  return tonnes === undefined ? null : Math.round(tonnes * 1_000_000);
}

function litresOf(cubicMetres: number | undefined): number | null {
  return cubicMetres === undefined ? null : Math.round(cubicMetres * 1_000);
}
