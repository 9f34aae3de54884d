/** Per device: how many readings came and what went wrong, for the metrics. */
import type { QualityLevel } from '@trame/protocol/quality';
import type { DeviceIncident } from '../ports/device.ts';

/** `unknown`: of a tag that the device did not define, or of a device that is not online. */
export type ReadingKind = QualityLevel | 'unknown';

export interface DeviceCounts {
  readonly readings: ReadonlyMap<ReadingKind, number>;
  readonly incidents: ReadonlyMap<DeviceIncident, number>;
}

interface MutableCounts {
  readonly readings: Map<ReadingKind, number>;
  readonly incidents: Map<DeviceIncident, number>;
}

export class DeviceCounters {
  readonly #devices: ReadonlyMap<string, MutableCounts>;

  constructor(deviceIds: readonly string[]) {
    this.#devices = new Map(deviceIds.map((id) => [id, { readings: new Map(), incidents: new Map() }]));
  }

  get all(): ReadonlyMap<string, DeviceCounts> {
    return this.#devices;
  }

  reading(device: string, kind: ReadingKind): void {
    increment(this.#devices.get(device)?.readings, kind);
  }

  incident(device: string, kind: DeviceIncident): void {
    increment(this.#devices.get(device)?.incidents, kind);
  }
}

function increment<K>(counts: Map<K, number> | undefined, key: K): void {
  counts?.set(key, (counts.get(key) ?? 0) + 1);
}
