/** The words for what the contracts name by codes. */
import type { Doubt, ShownQuality, Trust } from '../live/freshness.ts';
import type { StationView } from '../line/station-view.ts';
import { t, type MessageKey } from './translate.ts';

const DOUBT_KEYS: Readonly<Record<Doubt, MessageKey>> = {
  'never-read': 'doubt.neverRead',
  'device-offline': 'doubt.deviceOffline',
  stale: 'doubt.stale',
  'edge-offline': 'doubt.edgeOffline',
  refused: 'doubt.refused',
  'not-a-value': 'doubt.notAValue',
  'out-of-range': 'doubt.outOfRange',
  'device-uncertain': 'doubt.deviceUncertain',
  'device-bad': 'doubt.deviceBad',
  overflow: 'doubt.overflow',
  'link-cut': 'doubt.linkCut',
  late: 'doubt.late',
  'not-known': 'doubt.notKnown',
  overload: 'doubt.overload',
};

const QUALITY_KEYS: Readonly<Record<ShownQuality, MessageKey>> = {
  good: 'quality.good',
  uncertain: 'quality.uncertain',
  bad: 'quality.bad',
  stale: 'quality.stale',
  missing: 'quality.missing',
};

const STATE_KEYS: Readonly<Record<NonNullable<StationView['state']>, MessageKey>> = {
  off: 'state.off',
  stopped: 'state.stopped',
  starting: 'state.starting',
  running: 'state.running',
  starved: 'state.starved',
  blocked: 'state.blocked',
  jammed: 'state.jammed',
  fault: 'state.fault',
  overload: 'state.overload',
  unknown: 'state.unknown',
};

/** @returns why a number is not to be trusted, or null when it is. */
export function doubtWords(trust: Trust): string | null {
  return trust.doubt === null ? null : t(DOUBT_KEYS[trust.doubt]);
}

/** Doubts about the whole line: the page says them once, not beside every number. */
const OF_THE_LINE: ReadonlySet<Doubt> = new Set<Doubt>(['link-cut', 'edge-offline', 'late']);

/** @returns why this very number is not to be trusted, or null when it is, or when the whole line is not. */
export function ownDoubtWords(trust: Trust): string | null {
  return trust.doubt === null || OF_THE_LINE.has(trust.doubt) ? null : doubtWords(trust);
}

export function qualityWord(quality: ShownQuality): string {
  return t(QUALITY_KEYS[quality]);
}

/** @param quality code of the history: 192 good, 64 uncertain, 0 bad. */
export function historyQualityWord(quality: number): string {
  if (quality >= 192) return qualityWord('good');
  return qualityWord(quality >= 64 ? 'uncertain' : 'bad');
}

export function stateWord(state: NonNullable<StationView['state']>): string {
  return t(STATE_KEYS[state]);
}
