/** Asks whether a line has something to ask of people. */
import type { RestartAnswer, RestartQuestion } from '@trame/protocol/material/material-answers';
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

const isAnswer = shape<RestartAnswer>({ restart: orNull(isQuestion) });

/** What a line asks; null inside: nothing. */
export interface Asked {
  readonly question: RestartQuestion | null;
}

export function getRestartQuestion(line: string, signal: AbortSignal): Promise<Answer<Asked>> {
  return request({
    method: 'GET',
    path: `/api/v1/lines/${encodeURIComponent(line)}/restart`,
    read: (body) => {
      return isAnswer(body) ? { question: body.restart } : null;
    },
    signal,
  });
}
