/** A line that had a morning of troubles: what a server says of its stops, its rates, its shift and its andon. */
import type { Andon, ShiftLog, StopRow, TrsAnswer } from '@trame/protocol/stops/stop-answers';
import { DEFAULT_STOP_CAUSES } from '@trame/protocol/stops/stop-names';
import { examplePareto, exampleStop, exampleTrs } from '@trame/protocol/stops/test-stops';
import type { Asked, Scripted } from './scripted-dashboard.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** What a server answers to an act that is recorded. */
export const RECORDED = { id: 'x', number: null, events: [], warnings: [], replayed: false };

function begin(): number {
  return Date.now() - 5 * HOUR_MS;
}

function stop(number: number, changes: Partial<StopRow>): StopRow {
  return exampleStop(number, begin() + number * 25 * MINUTE_MS, changes);
}

const JAM = { alarm: 'bourrage-trieur', label: 'Bourrage au trieur' };

export function stops(): StopRow[] {
  return [
    stop(9, { proposed: 'bourrage', kind: 'operating', firstAlarm: JAM, to: null }),
    stop(7, { emergencyStop: true, proposed: 'securite', kind: 'operating', durationMs: 21 * MINUTE_MS }),
    stop(6, { durationMs: 3 * MINUTE_MS }),
    stop(5, { cause: 'bac-plein', kind: 'blocked', note: 'Le chariot n’était pas revenu' }),
    stop(4, { micro: true, durationMs: 40_000, kind: 'micro-stop' }),
    stop(3, { micro: true, durationMs: 55_000, kind: 'micro-stop' }),
    stop(2, { cause: 'pause', kind: 'break', durationMs: 20 * MINUTE_MS, mode: 'school' }),
  ];
}

export function trs(changes: Partial<TrsAnswer['total']> = {}): TrsAnswer['total'] {
  return exampleTrs(begin(), { key: 'S7', to: Date.now(), ...changes });
}

/** Of a shift of few people nothing is told. */
export const SMALL = { figures: null, why: 'group-too-small' } as const;

function trsAnswer(): TrsAnswer {
  return {
    rows: [
      trs(),
      trs({ key: 'S6', from: begin() - 24 * HOUR_MS, to: begin() - 17 * HOUR_MS, ...SMALL }),
      trs({ key: 'S5', from: begin() - 48 * HOUR_MS, to: begin() - 41 * HOUR_MS }),
      trs({
        key: 'S4',
        from: begin() - 72 * HOUR_MS,
        to: begin() - 65 * HOUR_MS,
        figures: null,
        why: 'hand-line',
        teamKgPerHour: 148,
      }),
    ],
    total: trs({ key: 'period', from: begin() - 72 * HOUR_MS }),
  };
}

const PARETO = examplePareto(
  { from: begin(), to: Date.now() },
  [
    { cause: 'bourrage', label: 'Bourrage', stops: 3, durationMs: 34 * MINUTE_MS, proposed: true },
    { cause: 'panne', label: 'Panne', kind: 'breakdown', stops: 1, durationMs: 22 * MINUTE_MS },
    { cause: 'bac-plein', label: 'Bac plein', kind: 'blocked', stops: 1, durationMs: 12 * MINUTE_MS },
    {
      cause: 'a-expliquer',
      label: 'À expliquer',
      kind: 'unexplained',
      stops: 1,
      durationMs: 3 * MINUTE_MS,
      proposed: true,
    },
  ],
  { stops: 9, durationMs: 5 * MINUTE_MS },
);

export function shiftLog(changes: Partial<ShiftLog> = {}): ShiftLog {
  return {
    shift: { id: 'S7', line: 'tri-1', team: 'matin', openedAt: begin(), closedAt: null },
    from: begin(),
    to: Date.now(),
    trs: trs(),
    stops: stops(),
    unexplained: 3,
    alarms: {
      raised: 23,
      byPriority: [
        { priority: 1, raised: 1 },
        { priority: 2, raised: 4 },
        { priority: 3, raised: 18 },
      ],
      standing: [
        { id: 'tri-1:bourrage-trieur', label: 'Bourrage au trieur', priority: 1, since: begin() + HOUR_MS },
      ],
    },
    commands: ['line.start', 'line.hold', 'line.unhold', 'setpoint.write', 'line.stop'].map(
      (command, index) => ({
        id: String(index).repeat(32),
        at: begin() + index * 30 * MINUTE_MS,
        command,
        outcome: index === 2 ? 'failed' : 'done',
        detail: null,
      }),
    ),
    material: {
      inputGrams: 4_120_000,
      outlets: [
        { outlet: 'creme', grams: 310_000 },
        { outlet: 'effilochage', grams: 1_870_000 },
      ],
      outputs: 15,
      unclaimed: 2,
    },
    notes: [{ id: 'n'.repeat(32), at: begin() + 2 * HOUR_MS, text: 'Tapis bruyant côté presse.' }],
    signatures: [
      {
        id: 's'.repeat(32),
        side: 'leaving',
        at: Date.now() - MINUTE_MS,
        text: 'Vider le bac effilochage.',
        mine: true,
        alone: false,
      },
    ],
    ...changes,
  };
}

export function andon(changes: Partial<Andon> = {}): Andon {
  return {
    line: 'tri-1',
    at: Date.now(),
    state: 'execute',
    stateSince: begin(),
    mode: 'production',
    shift: { team: 'matin', openedAt: begin() },
    outputs: 37,
    target: { outputs: 45, soFar: 37 },
    sortedKg: 4_120,
    trs: 0.644,
    teamKgPerHour: null,
    worst: null,
    bins: [],
    ...changes,
  };
}

export const BINS: Andon['bins'] = [
  ['creme', 'Crème', 72],
  ['reemploi', 'Réemploi', 41],
  ['effilochage', 'Effilochage', 88],
  ['essuyage', 'Essuyage', 12],
  ['polymere', 'Polymère', null],
  ['csr', 'CSR', 100],
].map(([outlet, label, percent]) => ({ outlet, label, percent }) as Andon['bins'][number]);

export function worst(priority: number): NonNullable<Andon['worst']> {
  return {
    id: 'tri-1:bourrage-trieur',
    label: 'Bourrage au trieur',
    priority,
    since: Date.now() - 3 * MINUTE_MS,
    response: 'Consignez les portes, dégagez la bande, réarmez, puis redémarrez.',
  };
}

const REFERENCE = {
  site: 'site',
  line: 'tri-1',
  profile: 'automatic',
  demo: true,
  kioskDpi: null,
  outlets: [],
  presses: [],
  scales: [],
  zones: [],
  printers: [],
  containerKinds: [],
};

const SHIFTS = [
  { id: 'S7', line: 'tri-1', team: 'matin', openedAt: begin(), closedAt: null, posts: [], unclaimed: [] },
];

/** What a server says whose line had a morning of troubles. */
export function usual({ method, path }: Asked): Scripted | undefined {
  if (method !== 'GET') return undefined;
  const name = path.split('?')[0]?.replace('/api/v1', '') ?? '';
  const answers: Readonly<Record<string, unknown>> = {
    '/reference': REFERENCE,
    '/partners': { rows: [], next: null },
    '/shifts': { rows: SHIFTS, next: null },
    '/stops': { rows: stops(), next: null },
    '/stops/causes': { rows: DEFAULT_STOP_CAUSES, next: null },
    '/stops/pareto': PARETO,
    '/trs': trsAnswer(),
    '/shift-log': shiftLog(),
    '/andon': andon({ bins: BINS }),
  };
  return Object.hasOwn(answers, name) ? { status: 200, body: answers[name] } : undefined;
}
