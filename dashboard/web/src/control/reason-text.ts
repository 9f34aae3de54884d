/** Why something is refused, in words that a supervisor acts on. */
import type { CommandReason } from '@trame/protocol/control/control-events';
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import { t } from '../messages/translate.ts';
import {
  LINE_STATE_WORDS,
  MODE_WORDS,
  MOTION_WORDS,
  REASON_WORDS,
  SERVER_REFUSAL_WORDS,
} from './control-words.ts';

/** What a reason speaks of. */
export interface ReasonAbout {
  readonly interlocks: ControlPicture['interlocks'];
  /** What people call a device. */
  readonly device: (id: string) => string;
}

/** @returns one sentence, never empty. */
export function reasonText(reason: CommandReason, { interlocks, device }: ReasonAbout): string {
  const { code, ref, words } = reason;
  switch (code) {
    case 'interlock': {
      if (words !== '') return words;
      const said = t('whyNot.interlock', { name: ref ?? '' });
      const isUnknown = interlocks.some(({ id, unknown }) => id === ref && unknown);
      return isUnknown ? t('whyNot.interlockUnknown', { words: said }) : said;
    }
    case 'emergency-stop':
      return ref === 'unknown' ? t('whyNot.emergencyStopUnknown') : t('whyNot.emergencyStop');
    case 'wrong-state':
      return isKey(LINE_STATE_WORDS, ref)
        ? t('whyNot.lineIs', { state: t(LINE_STATE_WORDS[ref]) })
        : t('whyNot.wrongState');
    case 'wrong-mode':
      return isKey(MODE_WORDS, ref)
        ? t('whyNot.modeIs', { mode: t(MODE_WORDS[ref]) })
        : t('whyNot.wrongMode');
    case 'busy':
      return isKey(MOTION_WORDS, ref)
        ? t('whyNot.busyWith', { order: t(MOTION_WORDS[ref]) })
        : t('whyNot.busy');
    case 'device-offline':
      return ref === null
        ? t('whyNot.deviceOffline')
        : t('whyNot.thisDeviceOffline', { device: device(ref) });
    case 'not-commanded':
      return ref === null ? t('whyNot.notCommanded') : t('whyNot.notKnownToPlc');
    default:
      return words === '' ? t(REASON_WORDS[code]) : words;
  }
}

/** @returns what a refusal without reasons means, and what to do; never empty. */
export function serverRefusalText(code: string): string {
  return isKey(SERVER_REFUSAL_WORDS, code)
    ? t(SERVER_REFUSAL_WORDS[code] ?? 'orderRefusal.invalid')
    : t('orderRefusal.other', { code });
}

function isKey<T extends string>(table: Readonly<Record<T, unknown>>, key: string | null): key is T {
  return key !== null && Object.hasOwn(table, key);
}
