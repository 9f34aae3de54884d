/** What stands in the way of a command, in words. */
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import { t } from '../messages/translate.ts';
import type { Bar } from './control-view.ts';
import { reasonText } from './reason-text.ts';

export function barText(bar: Bar, interlocks: ControlPicture['interlocks']): string {
  switch (bar.kind) {
    case 'stale':
      return t('command.barStale');
    case 'phone':
      return t('command.barPhone');
    case 'hand':
      return bar.hand === 'free' ? t('command.barFree') : t('command.barOther');
    case 'reason':
      return reasonText(bar.reason, interlocks);
  }
}

/** For tests and styles: `stale`, `hand`, or the code of the reason. */
export function barCode(bar: Bar): string {
  return bar.kind === 'reason' ? bar.reason.code : bar.kind;
}
