/** What a station of the synoptic shows, from its description and the line's live tags. */
import { STATION_STATES, type Station, type StationState } from '@trame/protocol/line-description';
import type { LiveLine, LiveTag } from '@trame/protocol/live-state';
import { linkTrust, tagTrust, worseTrust, type LineFreshness, type Trust } from '../live/freshness.ts';
import { findTag, tagNumber } from './tag-number.ts';

export type FigureName = 'level' | 'speed' | 'gross' | 'count';

export interface Figure {
  readonly name: FigureName;
  readonly value: number | null;
  readonly unit: string | null;
  readonly trust: Trust;
}

export interface StationView {
  readonly id: string;
  readonly label: string;
  readonly kind: Station['kind'];
  /**
   * Null when no tag tells it; `unknown` when the tag cannot be trusted or its code is not one of ours;
   * `overload` when a scale says so and its own state is nothing worse.
   */
  readonly state: StationState | 'overload' | 'unknown' | null;
  readonly figures: readonly Figure[];
  /** Whether the weight has settled; null when nothing tells it. */
  readonly stable: boolean | null;
  /** The worst of all that the station shows. */
  readonly trust: Trust;
}

/** A scale loaded beyond its capacity still gives a number, which means nothing. */
const OVERLOADED: Trust = { quality: 'bad', doubt: 'overload' };

/** Order in which figures are shown: what says most about the station comes first. */
const FIGURES: readonly FigureName[] = ['level', 'speed', 'gross', 'count'];

export function stationView(station: Station, line: LiveLine, freshness: LineFreshness): StationView {
  const read = (name: string | undefined): LiveTag | undefined => findTag(line, station.device, name);
  const overloaded = isTrue(read(station.overload), freshness);
  const figures = FIGURES.filter((name) => station[name] !== undefined).map((name): Figure => {
    const tag = read(station[name]);
    const own = tagTrust(tag, freshness);
    const trust = name === 'gross' && overloaded ? worseTrust(own, OVERLOADED) : own;
    return { name, value: tagNumber(tag?.value), unit: tag?.unit ?? null, trust };
  });
  const stateTag = station.state ?? station.running;
  const linked = linkTrust(freshness);
  const stateTrust = stateTag === undefined ? linked : tagTrust(read(stateTag), freshness);
  const trust = figures.map((figure) => figure.trust).reduce(worseTrust, stateTrust);
  const stable = read(station.stable)?.value;
  const state = stationState(station, read, stateTrust);
  return {
    id: station.id,
    label: station.label,
    kind: station.kind,
    state: overloaded && !isAbnormal(state) ? 'overload' : state,
    figures,
    stable: typeof stable === 'boolean' ? stable : null,
    trust,
  };
}

/** Last known yes is still told when only the link is late; a device that does not answer says nothing. */
function isTrue(tag: LiveTag | undefined, freshness: LineFreshness): boolean {
  const { quality } = tagTrust(tag, freshness);
  return tag?.value === true && quality !== 'bad' && quality !== 'missing';
}

/** Last known state is still told when only the link is late: the hatch says that it is old. */
function stationState(
  station: Station,
  read: (name: string | undefined) => LiveTag | undefined,
  trust: Trust,
): Exclude<StationView['state'], 'overload'> {
  if (station.state === undefined && station.running === undefined) return null;
  if (trust.quality === 'bad' || trust.quality === 'missing') return 'unknown';
  if (station.state !== undefined) {
    const code = tagNumber(read(station.state)?.value);
    return (code === null ? undefined : STATION_STATES[code]) ?? 'unknown';
  }
  const running = read(station.running)?.value;
  return typeof running === 'boolean' ? (running ? 'running' : 'stopped') : 'unknown';
}

/** @returns whether somebody has to go there. Starved and blocked are consequences of it elsewhere. */
export function isAbnormal(state: StationView['state']): state is 'jammed' | 'fault' | 'overload' {
  return state === 'jammed' || state === 'fault' || state === 'overload';
}
