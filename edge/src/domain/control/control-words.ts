/** What a supervisor reads about the end of a command, beside what pages say for each code. */
import type { PlcCommand } from './control-config.ts';
import type { LineStateName } from '@trame/protocol/ledger-payloads';

const STATES: Readonly<Record<LineStateName, string>> = {
  clearing: 'en effacement',
  stopped: 'arrêtée',
  starting: 'en démarrage',
  idle: 'prête',
  suspended: 'en attente de matière ou de place',
  execute: 'en marche',
  stopping: 'en cours d’arrêt',
  aborting: 'en arrêt d’urgence',
  aborted: 'interrompue',
  holding: 'en cours de suspension',
  held: 'suspendue',
  unholding: 'en reprise',
  suspending: 'mise en attente',
  unsuspending: 'en fin d’attente',
  resetting: 'en réarmement',
  completing: 'en fin de cycle',
  complete: 'en fin de cycle',
  unknown: 'dans un état inconnu',
};

const COMMANDS: Readonly<Record<PlcCommand, string>> = {
  reset: 'réarmer',
  clear: 'effacer',
  start: 'démarrer',
  stop: 'arrêter',
  hold: 'suspendre',
  unhold: 'reprendre',
};

/** `La ligne est suspendue.` */
export function lineIs(state: LineStateName): string {
  return `La ligne est ${STATES[state]}.`;
}

/** `démarrer` */
export function infinitive(command: PlcCommand): string {
  return COMMANDS[command];
}

/** `1,2 s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).replace('.', ',')} s`;
}

/** `0,05` */
export function figure(value: number): string {
  return String(value).replace('.', ',');
}

const DETAIL_CHARACTERS_MAX = 500;

/** @returns the words as the ledger takes them: half a character, where the cut goes through one, becomes U+FFFD. */
export function cutDetail(words: string): string {
  return words.slice(0, DETAIL_CHARACTERS_MAX).toWellFormed();
}
