/**
 * What a line is made of, told by its edge in the birth certificate, so that a server or a page needs no
 * configuration of its own to draw it.
 */
import { Type, type Static } from 'typebox';
import { Composition, type Composition as CompositionShares } from './material.ts';
import { literals } from './schema.ts';
import { ID_PATTERN } from './topics.ts';

export const STATION_KINDS = [
  'hopper',
  'opening',
  'belt',
  'sortingPost',
  'nir',
  'sorter',
  'bins',
  'press',
  'scale',
  'stock',
] as const;
export type StationKind = (typeof STATION_KINDS)[number];

/** Station state codes as a PLC gives them (uint16). */
export const STATION_STATES = [
  'off',
  'stopped',
  'starting',
  'running',
  'starved',
  'blocked',
  'jammed',
  'fault',
] as const;
export type StationState = (typeof STATION_STATES)[number];

export const OUTLET_ROUTES = ['reuse', 'recycling', 'csr', 'energy', 'disposal', 'manual'] as const;
export type OutletRoute = (typeof OUTLET_ROUTES)[number];

const Id = Type.String({ pattern: ID_PATTERN });
const TagName = Type.String({ minLength: 1, maxLength: 128 });
const Label = Type.String({ minLength: 1, maxLength: 40 });
/** A union made from an array: its static type has to be told, since the array's length is not known to types. */

/** One drawn station: the device that shows it, and which of its tags say what. */
export const Station = Type.Object(
  {
    id: Id,
    kind: literals(STATION_KINDS),
    label: Label,
    device: Type.Optional(Id),
    state: Type.Optional(TagName),
    running: Type.Optional(TagName),
    speed: Type.Optional(TagName),
    level: Type.Optional(TagName),
    count: Type.Optional(TagName),
    gross: Type.Optional(TagName),
    stable: Type.Optional(TagName),
    /** True: the load is beyond the capacity, so the weight means nothing. */
    overload: Type.Optional(TagName),
  },
  { additionalProperties: false },
);
export type Station = Static<typeof Station>;

/**
 * One place where sorted material ends. `total` is a counter that the device never resets; `baseline` says
 * whether counting starts at the first value seen or at the device's zero.
 */
export const Outlet = Type.Object(
  {
    id: Id,
    label: Label,
    route: literals(OUTLET_ROUTES),
    device: Type.Optional(Id),
    total: Type.Optional(TagName),
    level: Type.Optional(TagName),
    mass: Type.Optional(TagName),
    baseline: Type.Optional(literals(['first', 'zero'] as const)),
    composition: Type.Optional(Type.Unsafe<CompositionShares>(Composition)),
  },
  { additionalProperties: false },
);
export type Outlet = Static<typeof Outlet>;

/** Where the line's electricity is metered: a counter that is never reset, and the present power. */
export const EnergyMeter = Type.Object(
  { device: Id, total: Type.Optional(TagName), power: Type.Optional(TagName) },
  { additionalProperties: false },
);
export type EnergyMeter = Static<typeof EnergyMeter>;

/** What the software sees of the safety circuit; it never acts on it. */
export const Safety = Type.Object(
  { device: Id, emergencyStop: Type.Optional(TagName) },
  { additionalProperties: false },
);
export type Safety = Static<typeof Safety>;

/** What people call a device; one without a label goes by its id. */
export const DeviceLabel = Type.Object({ id: Id, label: Label }, { additionalProperties: false });
export type DeviceLabel = Static<typeof DeviceLabel>;

export const LineDescription = Type.Object(
  {
    devices: Type.Optional(Type.Array(DeviceLabel, { maxItems: 256 })),
    energy: Type.Optional(EnergyMeter),
    safety: Type.Optional(Safety),
    stations: Type.Array(Station, { maxItems: 64 }),
    outlets: Type.Array(Outlet, { maxItems: 64 }),
  },
  { additionalProperties: false },
);
export type LineDescription = Static<typeof LineDescription>;

/** Device id under which the edge publishes what it computes itself; no configured device may take it. */
export const LINE_DEVICE = 'line';

/** Metric of the node birth that carries the {@link LineDescription} as JSON. */
export const LINE_DESCRIPTION_METRIC = 'Properties/Line Description';

/** Computed metrics of {@link LINE_DEVICE}. Masses are whole grams since the edge's data directory was made. */
export const LINE_METRICS = {
  inputTotal: 'input.total',
  inputRate: 'input.rate',
  outputTotal: 'output.total',
  outputRate: 'output.rate',
} as const;

/** Grams fallen into an outlet. */
export function outletTotalMetric(outlet: string): string {
  return `outlet.${outlet}.total`;
}

/** Present throughput of an outlet, kg/h. */
export function outletRateMetric(outlet: string): string {
  return `outlet.${outlet}.rate`;
}
