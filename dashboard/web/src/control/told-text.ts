/** What became of what a person asked, in words. */
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import { t, type MessageKey } from '../messages/translate.ts';
import { LINE_STATE_WORDS, MODE_WORDS, MOTION_WORDS, OUTCOME_WORDS, PHASE_WORDS } from './control-words.ts';
import type { Intent, OrderCommand, Told } from './intent.ts';
import { reasonText, serverRefusalText } from './reason-text.ts';

/** The names of a line's parts, as people call them. */
export interface Names {
  readonly station: (id: string) => string;
  readonly device: (id: string) => string;
}

export const LEASE_WORDS: Readonly<
  Record<'control.take' | 'control.answer' | 'control.release', MessageKey>
> = {
  'control.take': 'order.take',
  'control.answer': 'order.answer',
  'control.release': 'order.release',
};

export function orderName(command: OrderCommand): string {
  return t({ ...MOTION_WORDS, ...LEASE_WORDS }[command]);
}

/** What is being carried out: `Démarrage : attend Tapis de reprise…` */
export function busyText(busy: NonNullable<ControlPicture['busy']>, names: Names): string {
  const order = t(MOTION_WORDS[busy.command]);
  if (busy.station !== null) return t('command.waitsFor', { order, station: names.station(busy.station) });
  return t('command.busy', { order, phase: t(PHASE_WORDS[busy.phase]) });
}

/** What is known of something that was asked. */
export function intentText(
  intent: Pick<Intent, 'command' | 'stage' | 'unnoted'>,
  interlocks: ControlPicture['interlocks'],
  names: Names,
): string {
  const told = stageText(intent, interlocks, names);
  return intent.unnoted === true ? `${told} ${t('command.unnoted')}` : told;
}

function stageText(
  { command, stage }: Pick<Intent, 'command' | 'stage'>,
  interlocks: ControlPicture['interlocks'],
  names: Names,
): string {
  const order = orderName(command);
  switch (stage.kind) {
    case 'sending':
      return t(stage.isSlow ? 'command.checking' : 'command.sending', { order });
    case 'checking':
      return t('command.checking', { order });
    case 'ended':
      return toldText(order, stage.told, interlocks, names);
  }
}

/** @param time when it ended; null: not told. */
export function toldText(
  order: string,
  told: Told,
  interlocks: ControlPicture['interlocks'],
  names: Names,
  time: string | null = null,
): string {
  switch (told.outcome) {
    case 'not-sent':
      return t('command.notSent', { order });
    case 'rejected':
      return t('command.rejected', { order, why: serverRefusalText(told.code) });
    default: {
      const sentences = [
        t('command.ended', { order, outcome: outcomeText(told.outcome, time) }),
        ...(told.late === null ? [] : [t('command.late', { station: names.station(told.late) })]),
        ...told.reasons.map((reason) => reasonText(reason, { interlocks, device: names.device })),
        ...(told.detail === null ? [] : [told.detail]),
      ];
      return sentences.join(' ');
    }
  }
}

/** @returns `fait.`, `fait à 18:11:54.` */
function outcomeText(outcome: keyof typeof OUTCOME_WORDS, time: string | null): string {
  return t(OUTCOME_WORDS[outcome], { at: time === null ? '' : t('command.at', { time }) });
}

export function lineStateText(state: ControlPicture['state']): string {
  return t(LINE_STATE_WORDS[state]);
}

export function modeText(mode: ControlPicture['mode']): string {
  return mode === null ? t('lineMode.unknown') : t(MODE_WORDS[mode]);
}
