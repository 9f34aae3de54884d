/** Pieces for tests. */
import { createHash } from 'node:crypto';
import type { FibreVerdict } from '@trame/protocol/classification/fibre-verdict';
import type { PieceFacts } from '@trame/protocol/sort-programmes/programme-inputs';
import type { Item } from './item.ts';

/** Monday, 2026-11-02, 08:00 UTC. */
export const START_MS = Date.UTC(2026, 10, 2, 8);
export const LIFE = '69070000';
export const MODEL = { id: 'site', sha256: 'cd'.repeat(32) };
export const PROGRAMME = { id: 'outlets', version: 1, hash: 'ab'.repeat(32) };

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export const COTTON: FibreVerdict = {
  fibre: 'cellulosic',
  refusal: null,
  probability: 0.97,
  composition: [
    { fibre: 'cellulosic', percent: 98 },
    { fibre: 'polyester', percent: 2 },
  ],
  errorPoints: 3,
  background: 0.125,
  gates: [
    { gate: 'no-model', passed: true, measured: null, limit: null },
    { gate: 'distance', passed: true, measured: 0.21, limit: 0.4 },
    { gate: 'blend', passed: true, measured: 0.93, limit: 0.75 },
  ],
  model: MODEL,
};

export const COTTON_FACTS: PieceFacts = {
  reading: 'pure',
  composition: { cellulosic: 98, polyester: 2 },
  errorPoints: 3,
  colour: null,
  moisturePercent: null,
  disruptors: null,
  grade: null,
  weightG: null,
  category: null,
  family: null,
};

/** @param facts changes those of cotton. */
export function item(
  seq: number,
  { facts, verdict, ...over }: Partial<Omit<Item, 'facts' | 'verdict'>> & TestFacts = {},
): Item {
  return {
    device: 'nir',
    life: LIFE,
    seq,
    readAtMs: START_MS + 1000 * seq,
    verdict: { ...COTTON, ...verdict },
    facts: { ...COTTON_FACTS, ...facts },
    decided: 'cotton',
    rule: 'pure-cotton',
    programme: PROGRAMME,
    wrote: 'in-time',
    outlet: over.decided ?? 'cotton',
    ...over,
  };
}

interface TestFacts {
  readonly facts?: Partial<PieceFacts>;
  readonly verdict?: Partial<FibreVerdict>;
}
