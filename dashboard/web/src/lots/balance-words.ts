/** What a row of the balance is of, as people say it. */
import { dayText } from '../material/calendar.ts';
import { numberOf } from '../material/material-words.ts';
import type { BalanceKind } from '../material/material-route.ts';
import { t } from '../messages/translate.ts';

/** Months of the calendar have no zone. */
const MONTH = new Intl.DateTimeFormat('fr-FR', { timeZone: 'UTC', month: 'long', year: 'numeric' });

/** @param key as the server has it: a day, a month, a lot, the name of a campaign or a team. */
export function balanceText(by: BalanceKind, key: string): string {
  switch (by) {
    case 'jour':
      return dayText(key);
    case 'mois': {
      const at = Date.parse(`${key}-01T00:00:00Z`);
      return Number.isFinite(at) ? MONTH.format(at) : key;
    }
    case 'lot':
      return t('matter.accountLot', { name: numberOf(key) });
    case 'campagne':
    case 'equipe':
      return key;
  }
}
