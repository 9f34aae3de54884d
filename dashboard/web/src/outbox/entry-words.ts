/** An act that waits, in the words of those who did it. */
import { formatKg } from '../format/kilograms.ts';
import { t, type MessageKey } from '../messages/translate.ts';
import type { EntryAbout } from './entry.ts';
import type { Holdup } from './outbox-sender.ts';

/** @param labels of outlets and collectors by their ids; an id that is not there stands for itself. */
export function entryWords(about: EntryAbout, labels: Readonly<Record<string, string>>): string {
  const label = (id: string): string => (Object.hasOwn(labels, id) ? (labels[id] ?? id) : id);
  switch (about.kind) {
    case 'bale':
      return about.grossGrams === null
        ? t('outbox.baleToWeigh', { outlet: label(about.outlet) })
        : t('outbox.bale', { outlet: label(about.outlet), weight: formatKg(about.grossGrams) });
    case 'paper':
      return about.grossGrams === null
        ? t('outbox.paperToWeigh', { sheet: about.sheet, outlet: label(about.outlet) })
        : t('outbox.paper', {
            sheet: about.sheet,
            outlet: label(about.outlet),
            weight: formatKg(about.grossGrams),
          });
    case 'void':
      return about.number === null ? t('outbox.void') : t('outbox.voidOf', { number: about.number });
    case 'label':
      return about.number === null ? t('outbox.label') : t('outbox.labelOf', { number: about.number });
    case 'lot': {
      const weight = formatKg(about.grossGrams);
      return about.collector === null
        ? t('outbox.lotUnknown', { weight })
        : t('outbox.lot', { collector: label(about.collector), weight });
    }
    case 'refuse':
      return t('outbox.refuse');
    case 'restart':
      return t('outbox.restart');
    case 'act':
      return about.words;
  }
}

const HOLDUP_WORDS: Readonly<Record<NonNullable<Holdup>, MessageKey>> = {
  away: 'outbox.holdAway',
  busy: 'outbox.holdBusy',
  'line-away': 'outbox.holdLineAway',
  'line-trust': 'outbox.holdLineTrust',
  'signed-out': 'outbox.holdSignedOut',
};

export function holdupWords(holdup: NonNullable<Holdup>): string {
  return t(HOLDUP_WORDS[holdup]);
}
