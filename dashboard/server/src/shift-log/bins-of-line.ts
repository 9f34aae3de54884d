/** How full the bins of a line are, as the live picture has it. Pure. */
import type { LiveLine, LiveTag } from '@trame/protocol/live-state';
import type { Andon } from '@trame/protocol/stops/stop-answers';

const PERCENT = '%';

/** @returns every outlet that tells a level; null where it is not known now, or is in no percent. */
export function binsOf({ description, devices }: Pick<LiveLine, 'description' | 'devices'>): Andon['bins'] {
  const bins: Andon['bins'] = [];
  for (const { id, label, device, level } of description.outlets) {
    if (device === undefined || level === undefined) continue;
    bins.push({ outlet: id, label, percent: percentOf(devices[device]?.tags[level]) });
  }
  return bins;
}

function percentOf(tag: LiveTag | undefined): number | null {
  if (tag === undefined || tag.quality !== 'good' || tag.unit !== PERCENT) return null;
  return typeof tag.value === 'number' ? Math.round(Math.max(0, Math.min(100, tag.value))) : null;
}
