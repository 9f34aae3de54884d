import type { LiveLine, LiveTag } from '@trame/protocol/live-state';
import { describe, expect, it } from 'vitest';
import { instantFormat } from '../format/instant.ts';
import type { LineFreshness } from '../live/freshness.ts';
import { emergencyStopWords } from './emergency-stop-words.ts';

const LIVE: LineFreshness = { kind: 'live', ageMs: 0 };
const CUT: LineFreshness = { kind: 'lost', cause: 'link', lastAt: 1 };
const PRESSED_AT = Date.UTC(2026, 10, 22, 7, 12, 4);
const paris = instantFormat('Europe/Paris');

const engaged: LiveTag = {
  value: true,
  unit: null,
  quality: 'good',
  reason: null,
  sourceTime: PRESSED_AT,
  edgeTime: PRESSED_AT + 80,
};
const safety = { device: 'plc', emergencyStop: 'stop' };

function words(
  tag: LiveTag,
  freshness: LineFreshness = LIVE,
  description: LiveLine['description'] = { stations: [], outlets: [], safety },
): string | null {
  const devices = { plc: { state: 'online' as const, since: 1, tags: { stop: tag } } };
  return emergencyStopWords({ devices, description }, freshness, paris, PRESSED_AT + 60_000);
}

describe('the emergency stop', () => {
  it('is said with the time at which the device saw it pressed', () => {
    expect(words(engaged)).toBe("Arrêt d'urgence enclenché depuis 08:12:04");
    expect(words({ ...engaged, sourceTime: null })).toBe("Arrêt d'urgence enclenché");
  });

  it('stays said, as last known, when its device or the link falls silent', () => {
    const lastKnown = "Arrêt d'urgence enclenché depuis 08:12:04, dernier état connu";
    expect(words(engaged, CUT)).toBe(lastKnown);
    expect(words({ ...engaged, quality: 'bad', reason: 'device-offline' })).toBe(lastKnown);
    expect(words({ ...engaged, sourceTime: null }, CUT)).toBe(
      "Arrêt d'urgence enclenché, dernier état connu",
    );
  });

  it('is not said when it is released, unread, or no tag of the line tells it', () => {
    expect(words({ ...engaged, value: false })).toBeNull();
    expect(words({ ...engaged, value: null, quality: 'bad', reason: 'never-read' })).toBeNull();
    expect(words({ ...engaged, value: 1 })).toBeNull();
    expect(words(engaged, LIVE, { stations: [], outlets: [] })).toBeNull();
    expect(words(engaged, LIVE, { stations: [], outlets: [], safety: { device: 'plc' } })).toBeNull();
    expect(
      words(engaged, LIVE, { stations: [], outlets: [], safety: { ...safety, device: 'gone' } }),
    ).toBeNull();
  });
});
