/** What stands in the way of a command, in words. */
import type { MotionCommand } from '@trame/protocol/control/control-names';
import type { LineStateName } from '@trame/protocol/ledger-payloads';
import { t, type MessageKey } from '../messages/translate.ts';
import type { Bar } from './control-view.ts';
import { reasonText, type ReasonAbout } from './reason-text.ts';

/** What leads from a state to a start. */
const BEFORE_START: Readonly<Partial<Record<LineStateName, MessageKey>>> = {
  stopped: 'whyNot.resetFirst',
  complete: 'whyNot.resetFirst',
  aborted: 'whyNot.resetFirst',
  held: 'whyNot.unholdInstead',
};

/** @param command what it stands in the way of; of a start it is said what to do first. */
export function barText(bar: Bar, about: ReasonAbout, command: MotionCommand | null = null): string {
  switch (bar.kind) {
    case 'stale':
      return t('command.barStale');
    case 'phone':
      return t('command.barPhone');
    case 'hand':
      return bar.hand === 'free' ? t('command.barFree') : t('command.barOther');
    case 'reason':
      return [reasonText(bar.reason, about), ...firstStep(bar, command)].join(' ');
  }
}

function firstStep({ reason }: Extract<Bar, { kind: 'reason' }>, command: MotionCommand | null): string[] {
  if (command !== 'line.start' || reason.code !== 'wrong-state') return [];
  const steps: Readonly<Partial<Record<string, MessageKey>>> = BEFORE_START;
  const step = reason.ref === null ? undefined : steps[reason.ref];
  return step === undefined ? [] : [t(step)];
}

/** For tests and styles: `stale`, `hand`, or the code of the reason. */
export function barCode(bar: Bar): string {
  return bar.kind === 'reason' ? bar.reason.code : bar.kind;
}
