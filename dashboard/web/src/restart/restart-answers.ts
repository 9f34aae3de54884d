/** What only people know after a power cut: the answers as they are given, and the act they become. */
import type { RestartBody } from '@trame/protocol/material/line-acts';
import type { RestartQuestion } from '@trame/protocol/material/material-answers';
import type { EntryDraft } from '../outbox/entry.ts';

export const BIN_LEVELS = ['empty', 'half', 'full', 'unknown'] as const;
export type BinLevel = (typeof BIN_LEVELS)[number];

export type PressAnswer =
  | { readonly holds: 'nothing' }
  /** Null: a bale of which nobody knows the number. */
  | { readonly holds: 'output'; readonly output: string | null };

/** Nothing is answered beforehand: a guess that somebody waves through is worse than no answer. */
export interface RestartAnswers {
  readonly presses: Readonly<Record<string, PressAnswer>>;
  readonly bins: Readonly<Record<string, BinLevel>>;
  readonly clockRight: boolean | null;
  readonly note: string;
}

export const UNANSWERED: RestartAnswers = { presses: {}, bins: {}, clockRight: null, note: '' };

export type Missing = { readonly what: 'press' | 'bin'; readonly label: string } | { readonly what: 'clock' };

/** @returns the first question that nobody has answered, or null. */
export function firstMissing(question: RestartQuestion, answers: RestartAnswers): Missing | null {
  const press = question.presses.find((one) => answers.presses[one.press] === undefined);
  if (press !== undefined) return { what: 'press', label: press.label };
  const bin = question.bins.find((one) => answers.bins[one.outlet] === undefined);
  if (bin !== undefined) return { what: 'bin', label: bin.label };
  return answers.clockRight === null ? { what: 'clock' } : null;
}

/** @returns the act, or null while something is not answered. */
export function restartDraft(
  question: RestartQuestion,
  answers: RestartAnswers,
  occurredAt: number,
): EntryDraft | null {
  if (firstMissing(question, answers) !== null || answers.clockRight === null) return null;
  const body: RestartBody = {
    occurredAt,
    boot: question.boot,
    presses: question.presses.map(({ press }) => pressBody(press, answers.presses[press])),
    bins: question.bins.map(({ outlet }) => ({ outlet, level: answers.bins[outlet] ?? 'unknown' })),
    clockRight: answers.clockRight,
    ...(answers.note.trim() === '' ? {} : { note: answers.note.trim() }),
  };
  return {
    path: `/api/v1/lines/${encodeURIComponent(question.line)}/restart`,
    after: null,
    body: { ...body, occurredAt },
    files: [],
    about: { kind: 'restart', line: question.line },
  };
}

function pressBody(press: string, answer: PressAnswer | undefined): RestartBody['presses'][number] {
  if (answer === undefined || answer.holds === 'nothing') return { press, holds: 'nothing' };
  return { press, holds: 'output', output: answer.output };
}
