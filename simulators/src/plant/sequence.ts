import { startOrder, type Motions, type PlcState, type SequencedStation } from './plc-state.ts';

/** One station after the other, so long apart. Simulated ms. */
export const stationDelayMs = 400;

interface Moment {
  readonly nowMs: number;
  /** Stations that do not come although they are asked. */
  readonly stuck: readonly SequencedStation[];
  /** Stations whose belt still moves. */
  readonly moving: readonly SequencedStation[];
}

function ask(plc: PlcState, station: SequencedStation, motion: 'coming' | 'leaving', nowMs: number): void {
  plc.motions[station] = motion;
  plc.askedMs = nowMs;
}

/** Brings the stations in, downstream first. Gives true once all run. */
export function bringIn(plc: PlcState, { nowMs, stuck }: Moment): boolean {
  for (const station of startOrder) {
    const motion = plc.motions[station];
    if (motion === 'running') continue;
    if (motion !== 'coming') {
      ask(plc, station, 'coming', nowMs);
      return false;
    }
    if (nowMs - plc.askedMs < stationDelayMs || stuck.includes(station)) return false;
    plc.motions[station] = 'running';
  }
  return true;
}

/** Takes the stations out, upstream first; the next is asked once this one stands still. Gives true once all stand. */
export function takeOut(plc: PlcState, { nowMs, moving }: Moment): boolean {
  for (const station of startOrder.toReversed()) {
    const motion = plc.motions[station];
    if (motion === 'standing') continue;
    if (motion !== 'leaving') {
      ask(plc, station, 'leaving', nowMs);
      return false;
    }
    if (nowMs - plc.askedMs < stationDelayMs || moving.includes(station)) return false;
    plc.motions[station] = 'standing';
  }
  return true;
}

/** Whether a station's motor is powered. */
export function isPowered(motions: Motions, station: SequencedStation): boolean {
  return motions[station] === 'running';
}
