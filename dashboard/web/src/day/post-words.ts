/** The posts of a line. */
import type { MessageKey } from '../messages/translate.ts';
import type { Post } from './day-forms.ts';

export const POST_WORDS: Readonly<Record<Post, MessageKey>> = {
  reception: 'day.postReception',
  'pre-sort': 'day.postPreSort',
  sort: 'day.postSort',
  press: 'day.postPress',
  stock: 'day.postStock',
};
