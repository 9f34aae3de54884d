/**
 * What `/healthz` says. 503 only while the edge starts or stops: an edge whose devices or broker are away is
 * doing its work, and restarting it would help nobody, so that is 200 with `status: degraded`.
 */
import type { Heartbeat } from '@trame/protocol/heartbeat';
import type { QualityLevel } from '@trame/protocol/quality';
import type { SortingStatus } from '../ports/sorting-status.ts';

export interface DeviceHealth {
  readonly id: string;
  readonly state: 'starting' | 'online' | 'offline';
  /** Why it does not answer, in words for a person. */
  readonly reason: string | null;
  /** UTC ms since which it is in that state. */
  readonly sinceMs: number;
  /** Time since the last value that was not bad, ms; null before the first. */
  readonly dataAgeMs: number | null;
  readonly tags: Readonly<Record<QualityLevel, number>>;
}

export interface UplinkHealth {
  readonly state: 'disconnected' | 'connecting' | 'waiting-for-host' | 'born' | 'stopped';
  readonly reason: string | null;
  /** UTC ms. */
  readonly sinceMs: number;
  readonly bdSeq: number | null;
  /** Samples that wait to be sent again. */
  readonly owed: number;
}

/** Besides line and devices, what the edge says of itself: the same as its heartbeat says. */
export interface EdgeHealth extends Pick<Heartbeat, 'ledger' | 'spool' | 'disk' | 'clock'> {
  readonly phase: 'starting' | 'running' | 'stopping';
  readonly site: string;
  readonly line: string;
  readonly version: string;
  /** UTC ms. */
  readonly startedAtMs: number;
  readonly nowMs: number;
  /** Whether counts can be kept on disk. */
  readonly keepsCounts: boolean;
  readonly devices: readonly DeviceHealth[];
  /** Null when no uplink is configured. */
  readonly uplink: UplinkHealth | null;
  /** Null or absent: pieces are not sorted by their spectra. */
  readonly sorting?: SortingStatus | null;
}

export interface HealthAnswer {
  readonly httpStatus: 200 | 503;
  /** Times in ISO 8601, UTC. */
  readonly body: object;
}

export function healthAnswer(health: EdgeHealth): HealthAnswer {
  const { phase, devices, uplink, keepsCounts, ledger, spool, disk, clock, sorting = null } = health;
  const whole =
    keepsCounts &&
    (sorting === null || canSort(sorting)) &&
    (uplink === null || uplink.state === 'born') &&
    devices.every((device) => device.state === 'online') &&
    ledger.state === 'ok' &&
    ledger.lost === 0 &&
    ledger.consumers.every(({ state }) => state === 'following') &&
    (spool === null || spool.state === 'ok') &&
    (disk.state === 'ok' || disk.state === 'unknown') &&
    clock.state !== 'behind';
  const running = whole ? 'ok' : 'degraded';
  return {
    httpStatus: phase === 'running' ? 200 : 503,
    body: {
      status: phase === 'running' ? running : phase,
      site: health.site,
      line: health.line,
      version: health.version,
      startedAt: iso(health.startedAtMs),
      uptimeMs: health.nowMs - health.startedAtMs,
      keepsCounts,
      ledger,
      spool:
        spool === null ? null : { ...spool, oldestAt: spool.oldestAt === null ? null : iso(spool.oldestAt) },
      disk,
      clock,
      sorting: sorting === null ? null : sortingBody(sorting),
      uplink:
        uplink === null
          ? null
          : {
              state: uplink.state,
              reason: uplink.reason,
              since: iso(uplink.sinceMs),
              bdSeq: uplink.bdSeq,
              owed: uplink.owed,
            },
      devices: devices.map(({ id, state, reason, sinceMs, dataAgeMs, tags }) => ({
        id,
        state,
        reason,
        since: iso(sinceMs),
        dataAgeMs: dataAgeMs === null ? null : Math.round(dataAgeMs),
        tags,
      })),
    },
  };
}

function canSort({ model, programme, items }: SortingStatus): boolean {
  return model !== null && programme !== null && items.state === 'ok';
}

function sortingBody(sorting: SortingStatus): object {
  const { setAsideAtMs, ...items } = sorting.items;
  return { ...sorting, items: { ...items, setAsideAt: setAsideAtMs === null ? null : iso(setAsideAtMs) } };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
