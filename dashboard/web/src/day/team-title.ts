/** The name of a shift's team where it stands alone: with the word that says what it is, once. */
import { t } from '../messages/translate.ts';

const BEGINS_WITH_TEAM = /^équipe(?!\p{L})/iu;

/** @returns `Équipe matin`; a name that begins with the word stays as it is. */
export function teamTitle(team: string): string {
  return BEGINS_WITH_TEAM.test(team.normalize('NFC')) ? team : t('trs.card', { team });
}
