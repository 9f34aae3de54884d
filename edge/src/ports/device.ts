/** What the edge expects of a device driver, and what a driver may tell it. */
import type { Reading, TagDefinition } from '../domain/reading.ts';

export interface DeviceDriver {
  readonly device: string;
  /**
   * Keeps the device connected and read until the signal aborts, then closes every resource and resolves.
   * A device that fails is told to the sink and tried again for ever; only a broken invariant rejects.
   */
  run(signal: AbortSignal): Promise<void>;
}

export interface DeviceSink {
  /** The device answers. May be told again with other definitions, e.g. when a type becomes known. */
  online(device: string, tags: readonly TagDefinition[]): void;
  /** The device does not answer, and why, in words for a person. */
  offline(device: string, reason: string): void;
  /** New values, in the order in which they were taken. Only of a device that is online. */
  readings(device: string, readings: readonly Reading[]): void;
  /** Something countable happened; `kind` is one of {@link DEVICE_INCIDENTS}. */
  incident(device: string, kind: DeviceIncident): void;
}

/** Things that are counted for each device and shown as metrics. */
export const DEVICE_INCIDENTS = [
  'connect-failed',
  'connection-lost',
  'timeout',
  'exception',
  'invalid-answer',
  'bad-value',
  'overflow',
  'subscription-recreated',
  'queue-full',
  'write-failed',
] as const;
export type DeviceIncident = (typeof DEVICE_INCIDENTS)[number];
