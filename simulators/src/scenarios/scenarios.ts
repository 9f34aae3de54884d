import type { FaultRequest, FaultVocabulary } from './fault.ts';

/** One thing that happens in a scenario: `afterMs` wall-clock ms after its start. */
export interface ScenarioStep {
  readonly afterMs: number;
  readonly fault: FaultRequest & { readonly durationMs: number };
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly ScenarioStep[];
}

/** Scripts of faults. Every fault mends by itself, so a scenario leaves nothing behind. */
export const scenarios: readonly Scenario[] = [
  {
    id: 'belt-jam',
    title: 'Bourrage du tapis',
    steps: [{ afterMs: 2_000, fault: { kind: 'jam', target: 'belt', durationMs: 45_000 } }],
  },
  {
    id: 'press-blocked',
    title: 'Presse bloquée, les bacs se remplissent',
    steps: [{ afterMs: 2_000, fault: { kind: 'pressBlocked', target: 'press', durationMs: 180_000 } }],
  },
  {
    id: 'dirty-lens',
    title: 'Optique encrassée au poste proche infrarouge',
    steps: [{ afterMs: 2_000, fault: { kind: 'nirDirty', target: 'nir', durationMs: 300_000 } }],
  },
  {
    id: 'lost-plc',
    title: "L'automate ne répond plus",
    steps: [{ afterMs: 2_000, fault: { kind: 'disconnect', target: 'plc', durationMs: 30_000 } }],
  },
  {
    id: 'restless-scale',
    title: 'La bascule ne se stabilise pas, puis sature',
    steps: [
      { afterMs: 2_000, fault: { kind: 'scaleUnstable', target: 'infeed-scale', durationMs: 60_000 } },
      { afterMs: 70_000, fault: { kind: 'scaleOverload', target: 'infeed-scale', durationMs: 20_000 } },
    ],
  },
  {
    id: 'emergency-stop',
    title: "Arrêt d'urgence",
    steps: [{ afterMs: 2_000, fault: { kind: 'estop', target: 'line', durationMs: 30_000 } }],
  },
  {
    id: 'bad-morning',
    title: 'Une matinée difficile',
    steps: [
      { afterMs: 5_000, fault: { kind: 'jam', target: 'sorter', durationMs: 30_000 } },
      { afterMs: 60_000, fault: { kind: 'late', target: 'bale-scale', durationMs: 60_000 } },
      { afterMs: 90_000, fault: { kind: 'disconnect', target: 'nir', durationMs: 45_000 } },
      { afterMs: 150_000, fault: { kind: 'hopperEmpty', target: 'hopper', durationMs: 60_000 } },
    ],
  },
  {
    id: 'restless-platform',
    title: 'La bascule de réception ne se stabilise pas, puis sature',
    steps: [
      { afterMs: 2_000, fault: { kind: 'scaleUnstable', target: 'platform-scale', durationMs: 60_000 } },
      { afterMs: 70_000, fault: { kind: 'scaleOverload', target: 'platform-scale', durationMs: 20_000 } },
    ],
  },
];

/** The scripts that can be played on a line: it has everything that they touch. */
export function scenariosOn(vocabulary: FaultVocabulary): readonly Scenario[] {
  return scenarios.filter(({ steps }) =>
    steps.every(({ fault }) => vocabulary.has(fault.kind, fault.target)),
  );
}
