/** Asks whether a line has something to ask of people. */
import type { RestartQuestion } from '@trame/protocol/material/material-answers';
import { request, type Answer } from '../api/request.ts';
import { isNumber, isText, listOf, orNull, shape } from '../api/shape.ts';

const isQuestion = shape<RestartQuestion>({
  line: isText,
  boot: isText,
  startedAt: isNumber,
  lastAliveAt: orNull(isNumber),
  presses: listOf(
    shape<RestartQuestion['presses'][number]>({
      press: isText,
      label: isText,
      outputs: listOf(
        shape<RestartQuestion['presses'][number]['outputs'][number]>({
          id: isText,
          number: isNumber,
          outlet: isText,
        }),
      ),
    }),
  ),
  bins: listOf(shape<RestartQuestion['bins'][number]>({ outlet: isText, label: isText, grams: isNumber })),
});

/** What a line asks; null inside: nothing. */
export interface Asked {
  readonly question: RestartQuestion | null;
}

export function getRestartQuestion(line: string, signal: AbortSignal): Promise<Answer<Asked>> {
  return request({
    method: 'GET',
    path: `/api/v1/lines/${encodeURIComponent(line)}/restart`,
    read: (body) => {
      if (body === null) return { question: null };
      return isQuestion(body) ? { question: body } : null;
    },
    signal,
  });
}
