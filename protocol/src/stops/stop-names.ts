/** Stops of a line and its time, by NF E60-182: the words that server and page share. */

/** Where the time of a stop goes. */
export const STOP_KINDS = [
  /** Between opening and required time: nobody meant the line to run. Never lowers the TRS. */
  'break',
  'no-load',
  'maintenance',
  'trial',
  'training',
  'meeting',
  /** Own stops. */
  'breakdown',
  'micro-stop',
  'functional',
  'operating',
  /** Induced stops: something before or behind the line. */
  'starved',
  'blocked',
] as const;
export type StopKind = (typeof STOP_KINDS)[number];

/** Of stops as they are told. `unexplained`: nobody fixed a cause and nothing speaks for one; no cause is of that kind. */
export const TOLD_KINDS = [...STOP_KINDS, 'unexplained'] as const;
export type ToldKind = (typeof TOLD_KINDS)[number];

export const PLANNED_KINDS: readonly StopKind[] = [
  'break',
  'no-load',
  'maintenance',
  'trial',
  'training',
  'meeting',
];
export const INDUCED_KINDS: readonly StopKind[] = ['starved', 'blocked'];

/** Pictograms of causes: the page draws them. */
export const STOP_PICTOGRAMS = [
  'jam',
  'breakdown',
  'no-material',
  'bin-full',
  'cleaning',
  'break',
  'training',
  'safety',
  'meeting',
  'other',
] as const;
export type StopPictogram = (typeof STOP_PICTOGRAMS)[number];

export interface StopCause {
  readonly id: string;
  readonly label: string;
  readonly kind: StopKind;
  readonly pictogram: StopPictogram;
}

/** Eight, unless a site configures its own (`stops.causes`). */
export const DEFAULT_STOP_CAUSES: readonly StopCause[] = [
  { id: 'bourrage', label: 'Bourrage', kind: 'operating', pictogram: 'jam' },
  { id: 'panne', label: 'Panne', kind: 'breakdown', pictogram: 'breakdown' },
  { id: 'matiere', label: 'Pas de matière', kind: 'starved', pictogram: 'no-material' },
  { id: 'bac-plein', label: 'Bac plein', kind: 'blocked', pictogram: 'bin-full' },
  { id: 'nettoyage', label: 'Nettoyage', kind: 'functional', pictogram: 'cleaning' },
  { id: 'pause', label: 'Pause', kind: 'break', pictogram: 'break' },
  { id: 'formation', label: 'Formation', kind: 'training', pictogram: 'training' },
  { id: 'securite', label: 'Sécurité', kind: 'operating', pictogram: 'safety' },
];

/** A stop that is shorter is a micro-stop, unless configured otherwise, ms. */
export const MICRO_STOP_MS = 2 * 60_000;
/** People of a group below which no figure is shown. A site may configure more, never fewer. */
export const GROUP_MIN = 4;
