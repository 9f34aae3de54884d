/** What came of a decision, in words. */
import type { CommandAnswer } from '@trame/protocol/health-api';
import { NO_REPLY, type Answer } from '../api/request.ts';
import { t } from '../messages/translate.ts';
import { REPLY_WORDS } from '../messages/health-words.ts';

type Told<T> = Exclude<Answer<T>, { readonly kind: 'dropped' }>;

/** @returns true when asking the same request again would change nothing. */
export function isSettled(answer: Told<CommandAnswer>): boolean {
  return answer.kind === 'ok' || (answer.kind === 'refused' && answer.code !== NO_REPLY);
}

export function commandAnswerWords(answer: Told<CommandAnswer>): string {
  switch (answer.kind) {
    case 'ok':
      return codeWords(answer.body.code);
    case 'refused':
      return codeWords(answer.code === '' ? String(answer.status) : answer.code);
    case 'away':
      return t('reply.away');
  }
}

export function epochAnswerWords(answer: Told<true>): string {
  switch (answer.kind) {
    case 'ok':
      return t('epoch.done');
    case 'refused':
      if (answer.status === 404 || answer.status === 409) return t('epoch.gone');
      return t('reply.unknown', { code: answer.code === '' ? answer.status : answer.code });
    case 'away':
      return t('reply.away');
  }
}

function codeWords(code: string): string {
  return isReplyCode(code) ? t(REPLY_WORDS[code]) : t('reply.unknown', { code });
}

function isReplyCode(code: string): code is keyof typeof REPLY_WORDS {
  return Object.hasOwn(REPLY_WORDS, code);
}
