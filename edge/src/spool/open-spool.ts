import { TelemetrySpool, type SpoolOptions } from './telemetry-spool.ts';

/**
 * Opens the spool of a data directory. A file that is damaged or cannot be opened does not stop the edge:
 * telemetry waits in memory then, bounded, `health` says why, and opening is tried again.
 */
export function openSpool(options: SpoolOptions): TelemetrySpool {
  return new TelemetrySpool(options);
}
