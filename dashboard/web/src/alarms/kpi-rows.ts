/** How the alarms do, beside what ISA-18.2-2016 (clause 16, table 7) holds for good: pure. */
import type { AlarmKpi } from '@trame/protocol/alarms/alarm-answers';
import { FLOOD_BEGINS_ABOVE } from '@trame/protocol/alarms/alarm-names';
import { formatDuration } from '../format/duration.ts';
import { formatNumber } from '../format/quantity.ts';
import { t } from '../messages/translate.ts';

/** `far`: of a share that should be about so much. */
export type KpiVerdict = 'within' | 'beyond' | 'far' | 'none';

export interface KpiRow {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly target: string;
  readonly verdict: KpiVerdict;
}

/** Alarms an hour that one person can answer. */
export const PER_HOUR_MAX = 10;
/** % of the time in flood. */
const FLOOD_PERCENT_MAX = 1;
/** Shares of each priority, %. */
const SHARE_TARGETS: Readonly<Record<number, number>> = { 1: 5, 2: 15, 3: 80 };
/** A share is where it should be within so much, points. */
const SHARE_SLACK = 10;
/** Below so many a share says nothing. */
const SHARE_FROM_RAISED = 20;
/** Alarms that stand for more than a day, at most. */
const STALE_MAX = 5;

export function kpiRows(kpi: AlarmKpi): readonly KpiRow[] {
  const shares = kpi.byPriority.map(({ priority, percent }): KpiRow => {
    const target = SHARE_TARGETS[priority];
    const isSmall = kpi.raised < SHARE_FROM_RAISED || target === undefined;
    return {
      id: `share-${priority}`,
      label: t('alarm.share', { priority }),
      value: percentText(percent),
      target: target === undefined ? t('alarm.noTarget') : t('alarm.around', { value: percentText(target) }),
      verdict: isSmall ? 'none' : Math.abs(percent - target) <= SHARE_SLACK ? 'within' : 'far',
    };
  });
  return [
    {
      id: 'raised',
      label: t('alarm.raised'),
      value: formatNumber(kpi.raised, 0),
      target: t('alarm.noTarget'),
      verdict: 'none',
    },
    atMost('per-hour', t('alarm.perHour'), kpi.perHour, PER_HOUR_MAX, (value) => formatNumber(value, 1)),
    atMost('peak', t('alarm.peak'), kpi.peakPerTenMinutes, FLOOD_BEGINS_ABOVE, (value) =>
      formatNumber(value, 0),
    ),
    atMost('flood', t('alarm.floodShare'), kpi.floodPercent, FLOOD_PERCENT_MAX, percentText),
    ...shares,
    atMost('stale', t('alarm.stale'), kpi.stale.length, STALE_MAX, (value) => formatNumber(value, 0)),
    atMost('chattering', t('alarm.chattering'), kpi.chattering.length, 0, (value) => formatNumber(value, 0)),
    {
      id: 'median',
      label: t('alarm.median'),
      value:
        kpi.medianToAcknowledgeMs === null ? t('alarm.noMedian') : formatDuration(kpi.medianToAcknowledgeMs),
      target: t('alarm.noTarget'),
      verdict: 'none',
    },
  ];
}

function atMost(
  id: string,
  label: string,
  value: number | null,
  most: number,
  write: (value: number) => string,
): KpiRow {
  return {
    id,
    label,
    value: value === null ? t('alarm.perHourUnknown') : write(value),
    target: t('alarm.atMost', { value: write(most) }),
    verdict: value === null ? 'none' : verdict(value, most),
  };
}

function verdict(value: number, most: number): KpiVerdict {
  return value <= most ? 'within' : 'beyond';
}

export function percentText(percent: number): string {
  return `${formatNumber(percent, percent !== 0 && percent < 10 ? 1 : 0)}\u00a0%`;
}
