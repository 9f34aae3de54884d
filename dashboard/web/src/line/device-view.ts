/** What the list of devices shows. */
import { LINE_DEVICE } from '@trame/protocol/line-description';
import type { LiveLine } from '@trame/protocol/live-state';
import { t } from '../messages/translate.ts';
import { linkTrust, type LineFreshness, type Trust } from '../live/freshness.ts';
import { deviceLabel, type NamedParts } from './part-label.ts';

/** @returns what people call it; what the edge computes itself has a word of its own. */
export function deviceName(parts: NamedParts, id: string): string {
  return id === LINE_DEVICE ? t('devices.computed') : deviceLabel(parts, id);
}

export interface DeviceView {
  readonly id: string;
  /** What the edge computes itself, not a device on a wire. */
  readonly computed: boolean;
  readonly state: 'online' | 'offline';
  /** ms since 1970 UTC. */
  readonly since: number;
  readonly tagCount: number;
  /** Tags whose own quality is not good. */
  readonly doubtfulCount: number;
  /** Whether all this is still so: the link's word. */
  readonly trust: Trust;
}

/** @returns devices by name, what the edge computes last. */
export function deviceViews(
  line: Pick<LiveLine, 'devices'>,
  freshness: LineFreshness,
): readonly DeviceView[] {
  const trust = linkTrust(freshness);
  return Object.entries(line.devices)
    .map(([id, device]): DeviceView => {
      const tags = Object.values(device.tags);
      return {
        id,
        computed: id === LINE_DEVICE,
        state: device.state,
        since: device.since,
        tagCount: tags.length,
        doubtfulCount: tags.filter((tag) => tag.quality !== 'good').length,
        trust,
      };
    })
    .sort((a, b) => Number(a.computed) - Number(b.computed) || a.id.localeCompare(b.id, 'fr'));
}
