/** What an engine finds for one bucket, and the points that it becomes: the same for both engines. */
import type { HistoryPoint } from '@trame/protocol/dashboard-api';

export interface BucketRow {
  /** Start of the bucket, or the sample's own time. */
  readonly t: number;
  /** Sum and count of the good values. */
  readonly sum: number | null;
  readonly n: number;
  readonly min: number | null;
  readonly max: number | null;
  /** Worst quality met. */
  readonly quality: number;
  /** Quality of the last sample. */
  readonly last: number;
}

/**
 * @param everyMs 0 when the rows are samples.
 * @returns the points in order of time. Where knowledge ended inside a bucket and the next one is empty, a
 * point without value follows, so that a chart breaks its line instead of drawing through an outage.
 */
export function toPoints(rows: readonly BucketRow[], everyMs: number): HistoryPoint[] {
  const points: HistoryPoint[] = [];
  for (const [index, row] of rows.entries()) {
    const known = row.n > 0 && row.sum !== null;
    points.push({
      t: row.t,
      value: known ? (row.sum ?? 0) / row.n : null,
      min: known ? row.min : null,
      max: known ? row.max : null,
      quality: row.quality,
    });
    const next = rows[index + 1];
    const endsUnknown = everyMs > 0 && known && row.last === 0;
    if (endsUnknown && next !== undefined && next.t > row.t + everyMs) {
      points.push({ t: row.t + everyMs, value: null, min: null, max: null, quality: 0 });
    }
  }
  return points;
}
