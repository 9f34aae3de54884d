/** What goes wrong in a world, and when: drawn from its seed. */
import type { DiskPlan, DiskVerdict } from './failing-disk.ts';
import type { NetworkHabits } from './network.ts';
import type { Seeded } from './seeded.ts';

const KINDS = [
  'edge killed',
  'edge restarted',
  'server killed',
  'link cut',
  'link swallows',
  'edge disk fails',
  'server disk fails',
  'clock steps',
] as const;

export interface Trouble {
  readonly kind: (typeof KINDS)[number];
  /** Time of the world. */
  readonly atMs: number;
  readonly forMs: number;
}

export function planTroubles(random: Seeded, untilMs: number): readonly Trouble[] {
  return Array.from({ length: random.between(2, 9) }, () => ({
    kind: KINDS[random.between(0, KINDS.length - 1)] ?? 'edge killed',
    atMs: random.between(500, untilMs - 500),
    forMs: random.between(300, 9_000),
  }));
}

/** Of the ledger's way: late, overtaken, and in most worlds lost or doubled too. */
export function troubledHabits(random: Seeded): NetworkHabits {
  return {
    lossShare: random.chance(0.7) ? random.next() * 0.4 : 0,
    doubleShare: random.chance(0.5) ? random.next() * 0.4 : 0,
    delayMaxMs: random.between(5, 1_500),
  };
}

const VERDICTS: readonly DiskVerdict[] = ['full', 'fails-before-commit', 'fails-after-commit'];

/** Fails in one way, always or now and then. */
export function badDisk(random: Seeded): DiskPlan {
  const verdict = VERDICTS[random.between(0, VERDICTS.length - 1)] ?? 'full';
  const share = random.chance(0.5) ? 1 : random.next();
  return () => (random.chance(share) ? verdict : 'works');
}
