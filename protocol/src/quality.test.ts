import { describe, expect, it } from 'vitest';
import {
  GOOD,
  QUALITY_REASONS,
  bad,
  fromSparkplugQuality,
  qualityDetail,
  sameQuality,
  toSparkplugQuality,
  uncertain,
  type Quality,
} from './quality.ts';

const all: readonly Quality[] = [
  GOOD,
  ...QUALITY_REASONS.flatMap((reason) => [bad(reason), uncertain(reason)]),
];

describe('quality', () => {
  it.each(all.map((quality) => [qualityDetail(quality), quality] as const))(
    'survives the wire: %s',
    (detail, quality) => {
      expect(fromSparkplugQuality(toSparkplugQuality(quality), detail)).toStrictEqual(quality);
    },
  );

  it('never shows a doubtful value as good to those who know only Sparkplug', () => {
    for (const quality of all.slice(1)) expect(toSparkplugQuality(quality)).not.toBe(192);
  });

  it('reads a third party’s code alone', () => {
    expect(fromSparkplugQuality(192, null)).toStrictEqual(GOOD);
    expect(fromSparkplugQuality(500, null)).toStrictEqual(bad('stale'));
    expect(fromSparkplugQuality(0, 'nonsense')).toStrictEqual(bad('device-bad'));
    expect(fromSparkplugQuality(7, null)).toStrictEqual(bad('device-bad'));
  });

  it('is the same only with the same reason', () => {
    expect(sameQuality(bad('stale'), bad('stale'))).toBe(true);
    expect(sameQuality(bad('stale'), bad('refused'))).toBe(false);
    expect(sameQuality(bad('stale'), uncertain('stale'))).toBe(false);
    expect(sameQuality(GOOD, bad('stale'))).toBe(false);
  });
});
