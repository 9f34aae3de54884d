/** What every line looks like now: the state of the live stream, and which paths of it changed. */
import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import { CONTROL_STALE_MS, type ControlPicture } from '@trame/protocol/control/control-picture';
import type { LineDescription } from '@trame/protocol/line-description';
import {
  LIVE_ALARMS_MAX,
  type LiveDevice,
  type LiveLine,
  type LiveState,
  type LiveTag,
} from '@trame/protocol/live-state';
import type { QualityReason } from '@trame/protocol/quality';
import { toJsonValue } from '@trame/protocol/tag';
import type { Reading } from '../ingest/reading.ts';
import { ChangedPaths } from './changed-paths.ts';

export class LivePicture {
  readonly changed = new ChangedPaths();
  readonly #state: LiveState = { lines: byName(), alarms: byName() };

  get state(): LiveState {
    return this.#state;
  }

  line(line: string): LiveLine | null {
    return this.#state.lines[line] ?? null;
  }

  /** A line known from before: offline until its edge speaks. Under another site it is shown anew. */
  addLine(site: string, line: string, atMs: number, description: LineDescription): void {
    if (this.line(line)?.site === site) return;
    this.#state.lines[line] = {
      id: line,
      site,
      line,
      state: 'offline',
      since: atMs,
      lastMessageAt: null,
      description,
      devices: byName(),
      control: null,
      controlAt: null,
    };
    this.changed.add(['lines', line]);
  }

  lineOnline(site: string, line: string, atMs: number, description: LineDescription): void {
    this.addLine(site, line, atMs, description);
    const live = this.#known(line);
    if (live.state !== 'online') {
      live.state = 'online';
      live.since = atMs;
    }
    live.description = description;
    live.lastMessageAt = atMs;
    this.changed.add(['lines', line]);
  }

  /** Everything of the line becomes bad; the last known values stay. */
  lineOffline(line: string, atMs: number): void {
    const live = this.#known(line);
    if (live.state === 'offline') return;
    live.state = 'offline';
    live.since = atMs;
    for (const device of Object.values(live.devices)) markOffline(device, atMs, 'edge-offline');
    this.changed.add(['lines', line]);
  }

  deviceOnline(line: string, device: string, atMs: number, readings: readonly Reading[]): void {
    const live = this.#known(line);
    const before = live.devices[device];
    const since = before?.state === 'online' ? before.since : atMs;
    const tags = byName<LiveTag>();
    for (const reading of readings) {
      tags[reading.metric] = liveTag(reading, before?.tags[reading.metric]);
    }
    live.devices[device] = { state: 'online', since, tags };
    live.lastMessageAt = atMs;
    this.changed.add(['lines', line, 'devices', device]);
    this.changed.add(['lines', line, 'lastMessageAt']);
  }

  deviceOffline(line: string, device: string, atMs: number): void {
    const live = this.#known(line);
    const known = live.devices[device];
    if (known === undefined) return;
    // Already offline with its line: only the reason changes, not since when.
    markOffline(known, known.state === 'offline' ? known.since : atMs, 'device-offline');
    this.changed.add(['lines', line, 'devices', device]);
  }

  readings(line: string, device: string, atMs: number, readings: readonly Reading[]): void {
    const live = this.#known(line);
    live.lastMessageAt = atMs;
    this.changed.add(['lines', line, 'lastMessageAt']);
    const known = live.devices[device];
    if (known === undefined) return;
    for (const reading of readings) {
      known.tags[reading.metric] = liveTag(reading, known.tags[reading.metric]);
      this.changed.add(['lines', line, 'devices', device, 'tags', reading.metric]);
    }
  }

  /**
   * What the edge of a line says of its control. It stays when the edge falls silent: `controlAt` tells its age.
   * @returns false when it changes nothing: the line is not known (yet), is another site's, or said something newer.
   */
  setControl(site: string, line: string, control: ControlPicture, atMs: number): boolean {
    const live = this.line(line);
    if (live === null || live.site !== site) return false;
    if (!isNext(live, control, atMs)) return false;
    live.control = control;
    live.controlAt = atMs;
    this.changed.add(['lines', line, 'control']);
    this.changed.add(['lines', line, 'controlAt']);
    return true;
  }

  /**
   * Shows an alarm that stands, is put aside or out of service. Past {@link LIVE_ALARMS_MAX} the least urgent gives way,
   * among those the one that changed first.
   * @returns false when there is no room for it.
   */
  setAlarm(row: AlarmRow): boolean {
    const { alarms } = this.#state;
    if (!(row.id in alarms) && Object.keys(alarms).length >= LIVE_ALARMS_MAX) {
      const [first, ...others] = Object.values(alarms);
      const least = others.reduce((least, one) => (isLess(one, least) ? one : least), first ?? row);
      if (!isLess(least, row)) return false;
      this.dropAlarm(least.id);
    }
    alarms[row.id] = row;
    this.changed.add(['alarms', row.id]);
    return true;
  }

  /** Shows an alarm no more. */
  dropAlarm(id: string): void {
    if (!(id in this.#state.alarms)) return;
    delete this.#state.alarms[id];
    this.changed.add(['alarms', id]);
  }

  #known(line: string): LiveLine {
    const live = this.#state.lines[line];
    if (live === undefined) throw new Error(`line «${line}» is not in the live picture`);
    return live;
  }
}

/** Pictures that an edge says at most in {@link CONTROL_STALE_MS}, with room to spare: it says four a second. */
const CONTROL_STEP_MAX = 100;

/**
 * Within a boot pictures are counted: one that came late, or that no edge can have counted up to, changes nothing. What is
 * shown has no such say once it is too old to act on: a count that went wrong would hide its line until its edge restarts.
 */
function isNext({ control, controlAt }: LiveLine, { boot, n }: ControlPicture, atMs: number): boolean {
  if (control === null || controlAt === null || control.boot !== boot) return true;
  if (Math.abs(atMs - controlAt) > CONTROL_STALE_MS) return true;
  return n > control.n && n <= control.n + CONTROL_STEP_MAX;
}

/** Priority 1 is the most urgent. */
function isLess(one: AlarmRow, other: AlarmRow): boolean {
  if (one.priority !== other.priority) return one.priority > other.priority;
  return one.changedAt < other.changedAt;
}

/** Names come from outside: without a prototype, `constructor` and the like are names as any other. */
function byName<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>;
}

function liveTag(reading: Reading, before: LiveTag | undefined): LiveTag {
  const good = reading.quality.level === 'good';
  return {
    value: reading.value === null ? (before?.value ?? null) : toJsonValue(reading.value),
    unit: reading.unit,
    quality: reading.quality.level,
    reason: reading.quality.level === 'good' ? null : reading.quality.reason,
    sourceTime: good ? reading.sourceTimeMs : (before?.sourceTime ?? null),
    edgeTime: reading.edgeTimeMs,
  };
}

function markOffline(device: LiveDevice, atMs: number, reason: QualityReason): void {
  device.state = 'offline';
  device.since = atMs;
  for (const [metric, tag] of Object.entries(device.tags)) {
    device.tags[metric] = { ...tag, quality: 'bad', reason };
  }
}
