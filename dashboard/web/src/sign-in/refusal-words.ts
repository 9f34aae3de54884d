/** Why a sign-in did not succeed, in words. */
import type { Session } from '@trame/protocol/dashboard-api';
import type { Answer } from '../api/request.ts';
import { t } from '../messages/translate.ts';

/** @returns null for a success, and for a question that nobody waits for any more. */
export function refusalWords(answer: Answer<Session>): string | null {
  switch (answer.kind) {
    case 'ok':
    case 'dropped':
      return null;
    case 'away':
      return t('signIn.away');
    case 'refused':
      if (answer.status === 429) return t('signIn.throttled');
      if (answer.status === 401) return t('signIn.wrong');
      return t('signIn.refused', { code: answer.code === '' ? answer.status : answer.code });
  }
}
