/** Whether the condition of an alarm stands at this moment, from a snapshot of the line: pure, before any delay. */
import { LINE_DEVICE, LINE_METRICS, outletRateMetric } from '@trame/protocol/line-description';
import type { EventClock } from '@trame/protocol/ledger-event';
import type { DiskStatus, HeartbeatConsumer, LedgerStatus } from '@trame/protocol/heartbeat';
import type { AlarmChanged } from '@trame/protocol/alarms/alarm-events';
import { toNumber, type TagValue } from '@trame/protocol/tag';
import { holds, type Comparison, type Condition } from '../condition.ts';
import type { RolesConfig, ScaleConfig } from '../line-config.ts';
import { lineStateName } from '../line-events-states.ts';
import type { DriftCondition } from '../sorting/drift-condition.ts';
import type { SortingWatch } from '../sorting/sorting-watch.ts';
import type { TagRef } from '../tag-ref.ts';
import type { TagState } from '../tag-state.ts';
import { goodFlag, goodGrams } from '../weighing-snapshot.ts';
import { verificationOn, type Verification } from '../weighing-verification.ts';
import type { AlarmConfig } from './alarm-config.ts';

/** What the edge knows of itself. */
export interface OwnWatch {
  readonly disk: DiskStatus['state'];
  readonly clock: EventClock;
  readonly ledger: Pick<LedgerStatus, 'state' | 'consumers'>;
  /** When our own certificate ends, UTC ms; null: there is none, or it was not read yet. */
  readonly certificateEndsAtMs: number | null;
  /** Stations that did not come within their bound; null: nobody watches them. */
  readonly lateStations: ReadonlySet<string> | null;
  /** Whether the sorter stands between two programmes; null: nobody watches, or it does not say. */
  readonly programmeMixed: boolean | null;
  /** Why the PLC does not take Trame's life counter, null: it takes it; null: none is written, or its PLC is away. */
  readonly life: { readonly untaken: string | null } | null;
  /** Null: pieces are not sorted by their spectra. */
  readonly sorting: SortingWatch | null;
}

export interface WatchedDevice {
  readonly presence: 'starting' | 'online' | 'offline';
  readonly tags: ReadonlyMap<string, TagState>;
}

export interface AlarmView {
  readonly devices: ReadonlyMap<string, WatchedDevice>;
  readonly roles: RolesConfig;
  readonly own: OwnWatch;
  /** What was last stated of each scale, by its id. */
  readonly verifications: (scale: ScaleConfig) => Verification;
  /** `YYYY-MM-DD` in the site's zone. */
  readonly today: string;
  /** UTC ms. */
  readonly nowMs: number;
}

export interface SeenCondition {
  /** Null: not known. */
  readonly condition: boolean | null;
  readonly value: AlarmChanged['value'];
}

const UNKNOWN: SeenCondition = { condition: null, value: null };
/** An edge whose clock is further off the server's than this is wrong, ms. */
export const CLOCK_OFF_MAX_MS = 60_000;
const DAY_MS = 86_400_000;
const TEXT_LENGTH_MAX = 100;
const FLOAT32_DIGITS = 7;
const GRAMS_PER_KG = 1_000;

/** @param stands whether it counts as standing now: a value that came up goes back only past the deadband. */
export function conditionOf(alarm: AlarmConfig, view: AlarmView, stands: boolean): SeenCondition {
  const { own } = view;
  switch (alarm.source) {
    case 'tag':
      return alarm.when === null ? UNKNOWN : tagCondition(alarm, alarm.when, view, stands);
    case 'device':
      return deviceCondition(view.devices.get(alarm.of ?? ''));
    case 'disk':
      return seen(own.disk === 'unknown' ? null : own.disk !== 'ok', own.disk);
    case 'clock': {
      const { state, offsetMs } = own.clock;
      return seen(state === 'behind' || Math.abs(offsetMs ?? 0) > CLOCK_OFF_MAX_MS, state);
    }
    case 'ledger':
      return seen(own.ledger.state !== 'ok', own.ledger.state);
    case 'chain':
      return chainCondition(own.ledger.consumers.find(({ consumer }) => consumer === alarm.of));
    case 'certificate':
      return certificateCondition(alarm, view);
    case 'throughput-low':
      return throughputCondition(alarm, view, stands);
    case 'scale-unstable':
    case 'scale-expired': {
      const scale = view.roles.scales.find(({ id }) => id === alarm.of);
      if (scale === undefined) return UNKNOWN;
      return alarm.source === 'scale-expired' ? expired(scale, view) : unstable(scale, view);
    }
    case 'station-late':
      if (own.lateStations === null || alarm.of === null) return UNKNOWN;
      return seen(own.lateStations.has(alarm.of), alarm.of);
    case 'programme-mixed':
      return seen(own.programmeMixed);
    case 'life':
      return own.life === null ? UNKNOWN : seen(own.life.untaken !== null, own.life.untaken);
    case 'nir-drift':
      return own.sorting === null ? UNKNOWN : drifting([own.sorting.distance, own.sorting.refused]);
    case 'class-shares':
      return own.sorting === null ? UNKNOWN : drifting([own.sorting.shares]);
    case 'spectra-missed':
      return own.sorting === null ? UNKNOWN : seen(own.sorting.missed > 0, own.sorting.missed);
    case 'reported':
      // Told by a request, not seen.
      return UNKNOWN;
  }
}

/** @returns whether the line is as its design says, so that the alarm says nothing; null: not known. */
export function isSuppressed({ unless }: AlarmConfig, view: Pick<AlarmView, 'devices'>): boolean | null {
  const all = unless.map((condition) => holds(condition, tagAt(view, condition.tag)));
  if (all.includes(true)) return true;
  return all.includes(null) ? null : false;
}

function seen(condition: boolean | null, value: TagValue | null = null): SeenCondition {
  return { condition, value: condition === null ? null : told(value) };
}

/** The value says in words what has changed: of the first that is raised, else of the first. */
function drifting(of: readonly DriftCondition[]): SeenCondition {
  const raised = of.find(({ isRaised }) => isRaised === true);
  if (raised === undefined && of.some(({ isRaised }) => isRaised === null)) return UNKNOWN;
  return seen(raised !== undefined, (raised ?? of[0])?.words ?? null);
}

function tagAt({ devices }: Pick<AlarmView, 'devices'>, { device, tag }: TagRef): TagState | null {
  return devices.get(device)?.tags.get(tag) ?? null;
}

function tagCondition(
  { deadband }: AlarmConfig,
  when: Condition,
  view: AlarmView,
  stands: boolean,
): SeenCondition {
  const tag = tagAt(view, when.tag);
  return seen(holds(stands ? eased(when, deadband) : when, tag), tag?.value ?? null);
}

/** What has to hold on for a value that came up: it goes back only that far on the good side. */
function eased(when: Condition, deadband: number): Condition {
  return typeof when.value === 'number' ? { ...when, value: shifted(when.value, when.is, deadband) } : when;
}

function shifted(value: number, is: Comparison, deadband: number): number {
  if (is === '>' || is === '>=') return value - deadband;
  return is === '<' || is === '<=' ? value + deadband : value;
}

function deviceCondition(device: WatchedDevice | undefined): SeenCondition {
  if (device === undefined || device.presence === 'starting') return UNKNOWN;
  if (device.presence === 'offline') return seen(true, 'offline');
  for (const { quality } of device.tags.values()) {
    if (quality.level === 'bad' && quality.reason === 'stale') return seen(true, 'stale');
  }
  return seen(false, 'online');
}

function chainCondition(consumer: HeartbeatConsumer | undefined): SeenCondition {
  return consumer === undefined ? UNKNOWN : seen(consumer.state !== 'following', consumer.state);
}

/** The value is the days that are left; it has run out below 0. */
function certificateCondition({ limit }: AlarmConfig, { own, nowMs }: AlarmView): SeenCondition {
  if (own.certificateEndsAtMs === null) return UNKNOWN;
  const days = Math.floor((own.certificateEndsAtMs - nowMs) / DAY_MS);
  return seen(days < (limit ?? 0), days);
}

/** Of the whole line, or of the outlet in `of`; only while the line executes. */
function throughputCondition(
  { of, limit, deadband }: AlarmConfig,
  view: AlarmView,
  stands: boolean,
): SeenCondition {
  const state = lineStateName(view.roles.lineState, (ref) => tagAt(view, ref));
  if (state === 'unknown' || limit === null) return UNKNOWN;
  if (state !== 'execute') return seen(false);
  const metric = of === null ? LINE_METRICS.outputRate : outletRateMetric(of);
  const rate = tagAt(view, { device: LINE_DEVICE, tag: metric });
  const number = rate?.quality.level === 'good' && rate.value !== null ? toNumber(rate.value) : null;
  if (number === null) return UNKNOWN;
  return seen(number < (stands ? limit + deadband : limit), number);
}

/** Loaded and not stable; the value is the load, kg. Without a smallest load, more than nothing is a load. */
function unstable(scale: ScaleConfig, view: AlarmView): SeenCondition {
  const of = (name: string | null) =>
    name === null ? null : tagAt(view, { device: scale.device, tag: name });
  const isStable = goodFlag(of(scale.stable));
  const grams = goodGrams(of(scale.gross));
  if (isStable === null) return UNKNOWN;
  const kg = grams === null ? null : grams / GRAMS_PER_KG;
  if (isStable) return seen(false, kg);
  // A scale that does not tell its load is taken for loaded: it says itself that it does not come to rest.
  if (scale.gross !== null && grams === null) return UNKNOWN;
  return seen(grams === null || grams >= Math.max(scale.minGrams ?? 1, 1), kg);
}

function expired(scale: ScaleConfig, { verifications, today }: AlarmView): SeenCondition {
  const { verification } = verificationOn(today, verifications(scale));
  return seen(verification === 'expired' || verification === 'refused', verification);
}

/** What an event may hold of a value. */
function told(value: TagValue | null): SeenCondition['value'] {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value.slice(0, TEXT_LENGTH_MAX).toWellFormed();
  const number = toNumber(value);
  // What was 5.54 in 32 bits is 5.539999961853027 in 64.
  return number === null || Number.isInteger(number) ? number : Number(number.toPrecision(FLOAT32_DIGITS));
}
