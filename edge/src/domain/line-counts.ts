/** What a line counts: one counter for what enters it and one for each outlet whose device keeps a total. */
import {
  LINE_METRICS,
  outletRateMetric,
  outletTotalMetric,
  type LineDescription,
} from '@trame/protocol/line-description';
import { BATCH_SPAN, STEADY_SPAN, type RateSpan } from './rate-window.ts';
import type { Baseline, CountState } from './count-total.ts';
import type { LineConfig, RolesConfig } from './line-config.ts';
import type { TagRef } from './tag-ref.ts';
import type { TagDefinition } from './reading.ts';
import { sourceIdentity } from './source-identity.ts';

export interface CounterDefinition {
  /** `input` or `outlet.<id>`; the name under which the count is kept. */
  readonly name: string;
  readonly side: 'input' | 'output';
  readonly source: TagRef;
  /** Where and how its tag is read: that, not its name, says which total it is. */
  readonly reads: string;
  readonly baseline: Baseline;
  readonly span: RateSpan;
  readonly totalMetric: string;
  readonly rateMetric: string;
}

/** One counter as it is kept on disk. `name` is `input` or `outlet.<id>`. */
export interface KeptCount {
  readonly name: string;
  /** What the tag that it counted was called. */
  readonly source: TagRef;
  /** Where and how that tag was read: read otherwise it is another total, and counting starts anew. */
  readonly reads: string;
  readonly state: CountState;
  /** Lives of its device that ended and may not be recorded yet, oldest first; at most {@link ENDED_MAX}. */
  readonly ended: readonly EndedCount[];
}

/** A device's total up to where it fell, or its tag was exchanged for another. */
export interface EndedCount {
  readonly source: TagRef;
  readonly reads: string;
  readonly generation: number;
  /** What the counter stood at then, grams. */
  readonly countedGrams: bigint;
  /** What the device's total had reached, grams. */
  readonly sourceGrams: bigint;
  /** Where the total fell to, grams; null: another tag is counted since, nothing fell. */
  readonly fellToGrams: bigint | null;
}

/** Past it the oldest is forgotten, and what it counted is recorded with the next: only its source is lost. */
export const ENDED_MAX = 16;

export function countersOf({
  roles,
  devices,
}: Pick<LineConfig, 'roles' | 'devices'>): readonly CounterDefinition[] {
  const input = roles.infeedScale;
  const counters: CounterDefinition[] = [];
  if (input !== null && input.total !== null) {
    counters.push({
      name: 'input',
      side: 'input',
      source: input.total,
      reads: sourceIdentity(devices, input.total),
      baseline: input.baseline,
      span: BATCH_SPAN,
      totalMetric: LINE_METRICS.inputTotal,
      rateMetric: LINE_METRICS.inputRate,
    });
  }
  for (const outlet of roles.description.outlets) {
    if (outlet.device === undefined || outlet.total === undefined) continue;
    const source = { device: outlet.device, tag: outlet.total };
    counters.push({
      name: `outlet.${outlet.id}`,
      side: 'output',
      source,
      reads: sourceIdentity(devices, source),
      baseline: outlet.baseline ?? 'first',
      span: STEADY_SPAN,
      totalMetric: outletTotalMetric(outlet.id),
      rateMetric: outletRateMetric(outlet.id),
    });
  }
  return counters;
}

/** @returns whether anything of the line has a role, or a device its label, so that its birth describes it. */
export function hasRoles(roles: RolesConfig): boolean {
  const { stations, outlets, energy, safety, devices }: LineDescription = roles.description;
  const isDescribed =
    stations.length > 0 || outlets.length > 0 || [energy, safety, devices].some((part) => part !== undefined);
  return isDescribed || roles.infeedScale !== null;
}

/** The tags of the computed device that these counters feed. */
export function lineTagDefinitions(counters: readonly CounterDefinition[]): readonly TagDefinition[] {
  const definitions = counters.flatMap((counter) => [
    massTag(counter.totalMetric),
    rateTag(counter.rateMetric),
  ]);
  if (counters.some((counter) => counter.side === 'output')) {
    definitions.push(massTag(LINE_METRICS.outputTotal), rateTag(LINE_METRICS.outputRate));
  }
  return definitions;
}

/** So that a trend of a steady line, or of one that stands still, has points. */
const REPEAT_AFTER_MS = 5000;

function massTag(name: string): TagDefinition {
  return {
    name,
    type: 'uint64',
    unit: 'g',
    deadband: 0,
    range: null,
    staleAfterMs: null,
    repeatAfterMs: REPEAT_AFTER_MS,
  };
}

function rateTag(name: string): TagDefinition {
  return {
    name,
    type: 'float64',
    unit: 'kg/h',
    deadband: 0,
    range: null,
    staleAfterMs: null,
    repeatAfterMs: REPEAT_AFTER_MS,
  };
}
