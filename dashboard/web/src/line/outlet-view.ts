/** What an outlet shows, from its description and the line's live tags. */
import {
  LINE_DEVICE,
  outletRateMetric,
  outletTotalMetric,
  type Outlet,
} from '@trame/protocol/line-description';
import type { LiveLine } from '@trame/protocol/live-state';
import { tagTrust, type LineFreshness, type Trust } from '../live/freshness.ts';
import { findTag, tagNumber } from './tag-number.ts';

export interface OutletFigure {
  readonly value: number | null;
  readonly unit: string | null;
  readonly trust: Trust;
}

export interface OutletView {
  readonly id: string;
  readonly label: string;
  readonly route: Outlet['route'];
  /** Null where no tag is named for it. */
  readonly level: OutletFigure | null;
  readonly mass: OutletFigure | null;
  /** What the edge has counted into it, grams. */
  readonly total: OutletFigure | null;
  readonly rate: OutletFigure | null;
}

export function outletView(outlet: Outlet, line: LiveLine, freshness: LineFreshness): OutletView {
  const figure = (device: string | undefined, name: string | undefined): OutletFigure | null => {
    if (device === undefined || name === undefined) return null;
    const tag = findTag(line, device, name);
    return { value: tagNumber(tag?.value), unit: tag?.unit ?? null, trust: tagTrust(tag, freshness) };
  };
  const counted = outlet.total === undefined ? undefined : LINE_DEVICE;
  return {
    id: outlet.id,
    label: outlet.label,
    route: outlet.route,
    level: figure(outlet.device, outlet.level),
    mass: figure(outlet.device, outlet.mass),
    total: figure(counted, outletTotalMetric(outlet.id)),
    rate: figure(counted, outletRateMetric(outlet.id)),
  };
}

/** @returns the fullest outlet, the one to be emptied next; one with a trusted level if there is any, else null. */
export function fullestOutlet(outlets: readonly OutletView[]): OutletView | null {
  let fullest: OutletView | null = null;
  for (const outlet of outlets) {
    if (outlet.level?.value == null) continue;
    if (fullest?.level == null || isFuller(outlet.level, fullest.level)) fullest = outlet;
  }
  return fullest;
}

function isFuller(a: OutletFigure, b: OutletFigure): boolean {
  const trusted = a.trust.quality === 'good';
  if (trusted !== (b.trust.quality === 'good')) return trusted;
  return (a.value ?? 0) > (b.value ?? 0);
}
