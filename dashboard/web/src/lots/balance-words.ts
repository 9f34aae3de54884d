/** What a row of the balance is of, as people say it. */
import { numberOf } from '../material/material-words.ts';
import type { BalanceKind } from '../material/material-route.ts';
import { t } from '../messages/translate.ts';

/** Calendar days have no zone: they are written as they stand. */
const DAY = new Intl.DateTimeFormat('fr-FR', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});
const MONTH = new Intl.DateTimeFormat('fr-FR', { timeZone: 'UTC', month: 'long', year: 'numeric' });
const DAY_MS = 86_400_000;

/** @param day `YYYY-MM-DD`. @returns `22 novembre 2026`. */
export function dayText(day: string): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(at) ? DAY.format(at) : day;
}

/** @returns the day before `YYYY-MM-DD`: people name the last day of a period, not the one after it. */
export function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}

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
