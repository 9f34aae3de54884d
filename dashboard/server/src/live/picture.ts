/** What every line looks like now: the state of the live stream, and which paths of it changed. */
import type { LineDescription } from '@trame/protocol/line-description';
import type { LiveDevice, LiveLine, LiveState, LiveTag } from '@trame/protocol/live-state';
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

  #known(line: string): LiveLine {
    const live = this.#state.lines[line];
    if (live === undefined) throw new Error(`line «${line}» is not in the live picture`);
    return live;
  }
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
