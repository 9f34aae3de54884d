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
  /** Null when no tag tells it; `unknown` when the tag cannot be trusted or its code is not one of ours. */
  readonly state: StationState | 'unknown' | null;
  readonly figures: readonly Figure[];
  /** Whether the weight has settled; null when nothing tells it. */
  readonly stable: boolean | null;
  /** The worst of all that the station shows. */
  readonly trust: Trust;
}

/** Order in which figures are shown: what says most about the station comes first. */
const FIGURES: readonly FigureName[] = ['level', 'speed', 'gross', 'count'];

export function stationView(station: Station, line: LiveLine, freshness: LineFreshness): StationView {
  const read = (name: string | undefined): LiveTag | undefined => findTag(line, station.device, name);
  const figures = FIGURES.filter((name) => station[name] !== undefined).map((name): Figure => {
    const tag = read(station[name]);
    return { name, value: tagNumber(tag?.value), unit: tag?.unit ?? null, trust: tagTrust(tag, freshness) };
  });
  const stateTag = station.state ?? station.running;
  const linked = linkTrust(freshness);
  const stateTrust = stateTag === undefined ? linked : tagTrust(read(stateTag), freshness);
  const trust = figures.map((figure) => figure.trust).reduce(worseTrust, stateTrust);
  const stable = read(station.stable)?.value;
  return {
    id: station.id,
    label: station.label,
    kind: station.kind,
    state: stationState(station, read, stateTrust),
    figures,
    stable: typeof stable === 'boolean' ? stable : null,
    trust,
  };
}

/** Last known state is still told when only the link is late: the hatch says that it is old. */
function stationState(
  station: Station,
  read: (name: string | undefined) => LiveTag | undefined,
  trust: Trust,
): StationView['state'] {
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
export function isAbnormal(state: StationView['state']): state is 'jammed' | 'fault' {
  return state === 'jammed' || state === 'fault';
}
