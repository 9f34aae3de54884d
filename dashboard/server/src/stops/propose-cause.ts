/** Which cause Trame proposes for a stop: a person fixes it, or another one. Pure. */
import type { StopCause, StopPictogram } from '@trame/protocol/stops/stop-names';
import type { StopRules } from './stop-config.ts';
import { timeOfMode, type AlarmUp, type Stop } from './stop-fold.ts';

/** @returns null when nothing speaks for one. */
export function proposeCause(
  { causes, propose }: Pick<StopRules, 'causes' | 'propose'>,
  stop: Pick<Stop, 'state' | 'mode' | 'emergencyStop'>,
  alarm: AlarmUp | null,
): StopCause | null {
  const configured = propose.find((rule) => fits(rule, stop, alarm));
  if (configured !== undefined) return causes.find(({ id }) => id === configured.cause) ?? null;
  const kind = timeOfMode(stop.mode);
  if (kind === 'maintenance') return causes.find((cause) => cause.kind === 'maintenance') ?? null;
  // A site may call its causes as it likes: what they mean, their pictogram says.
  const pictogram = kind === 'training' ? 'training' : pictogramOf(stop, alarm);
  return causes.find((cause) => cause.pictogram === pictogram) ?? null;
}

function fits(
  rule: StopRules['propose'][number],
  { state, emergencyStop }: Pick<Stop, 'state' | 'emergencyStop'>,
  alarm: AlarmUp | null,
): boolean {
  if (rule.state !== undefined) {
    return rule.state === 'emergency-stop' ? emergencyStop : stateFits(rule.state, state);
  }
  if (alarm === null) return false;
  if (rule.group !== undefined) return alarm.family === rule.group;
  if (rule.station !== undefined) return alarm.station === rule.station;
  if (rule.alarm === undefined) return false;
  return rule.alarm.endsWith('*')
    ? alarm.alarm.startsWith(rule.alarm.slice(0, -1))
    : alarm.alarm === rule.alarm;
}

/** A line passes through the acting state first: whoever names where it ends means both. */
const ACTING: Readonly<Record<string, string>> = {
  suspending: 'suspended',
  holding: 'held',
  stopping: 'stopped',
  aborting: 'aborted',
  completing: 'complete',
};

export function settledState(state: string): string {
  return Object.hasOwn(ACTING, state) ? (ACTING[state] ?? state) : state;
}

function stateFits(wanted: string, state: string): boolean {
  return wanted === state || wanted === settledState(state);
}

/** Words within ids and labels of alarms, without accents; the first that is found counts. */
const WORDS: readonly (readonly [RegExp, StopPictogram])[] = [
  [/urgence|emergency|e-?stop|porte|door|carter|guard|securite|safety/u, 'safety'],
  [/bourr|jam|coinc/u, 'jam'],
  [/plein|full|satur/u, 'bin-full'],
  [/manque|vide|starv|matiere/u, 'no-material'],
  [
    /moteur|motor|courant|chaud|temperature|variateur|thermique|defaut|fault|panne|retard|late|offline/u,
    'breakdown',
  ],
];

function pictogramOf(
  { state, emergencyStop }: Pick<Stop, 'state' | 'emergencyStop'>,
  alarm: AlarmUp | null,
): StopPictogram | null {
  if (emergencyStop) return 'safety';
  if (alarm !== null) {
    const text = `${alarm.alarm} ${alarm.label}`.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
    const found = WORDS.find(([words]) => words.test(text));
    if (found !== undefined) return found[1];
  }
  switch (settledState(state)) {
    case 'suspended':
      return 'no-material';
    case 'aborted':
      return 'breakdown';
    default:
      return null;
  }
}
