/** Questions about pieces, from whoever asks by HTTP to the edge of the line and back. */
import type { SortingRefusal } from '@trame/protocol/classification/item-names';
import type { CommandReply } from '@trame/protocol/command';
import type { Static, TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { EdgeAddress } from '../commands/command-sender.ts';
import type { Question, QuestionSender } from '../commands/question-sender.ts';
import { PROBLEMS, RequestProblem, type ProblemCode } from '../http/problem.ts';
import { ambiguousLine } from '../http/problem.ts';

export interface ItemQuestionOptions {
  /** Null: nothing is asked of lines from here. */
  readonly questions: Pick<QuestionSender, 'ask'> | null;
  /** @returns the sites that have a line of this name; none: there is no such line. */
  readonly sitesOf: (line: string) => readonly string[];
  /** @returns whether an edge of this line was ever heard of. */
  readonly hasEdge: (address: EdgeAddress) => Promise<boolean>;
}

const PROBLEM_OF: Readonly<Record<SortingRefusal, ProblemCode>> = {
  'not-sorting': 'not-sorting',
  'unknown-item': 'unknown-item',
  'unknown-outlet': 'unknown-outlet',
  'same-outlet': 'same-outlet',
  'too-many-overrides': 'too-many-overrides',
  'items-away': 'items-away',
  'bad-programme': 'programme-faulty',
  'too-large': 'answer-too-large',
};

/** What an edge answers, read once. */
export interface AnswerReader<T extends TSchema> {
  readonly schema: T;
  readonly validator: Validator;
}

export function answerReader<T extends TSchema>(schema: T): AnswerReader<T> {
  return { schema, validator: Compile(schema) };
}

/** @returns where the line stands that is meant. @throws RequestProblem when that is nowhere, or not one place. */
export function addressOf({ sitesOf }: Pick<ItemQuestionOptions, 'sitesOf'>, line: string): EdgeAddress {
  const sites = sitesOf(line);
  const [site] = sites;
  if (site === undefined) throw new RequestProblem('unknown-line');
  if (sites.length > 1) throw ambiguousLine(sites);
  return { site, line };
}

/** @throws RequestProblem when the line does not sort by spectra, as far as that is known without asking it. */
export async function checkEdge({ hasEdge }: ItemQuestionOptions, address: EdgeAddress): Promise<void> {
  if (!(await hasEdge(address))) throw new RequestProblem('not-sorting');
}

/** @throws RequestProblem when it is not answered, or not as it should be. */
export async function askOfPieces<T extends TSchema>(
  options: ItemQuestionOptions,
  { line, ...question }: Omit<Question, 'site'>,
  reader: AnswerReader<T>,
  signal: AbortSignal,
): Promise<Static<T>> {
  const { questions } = options;
  if (questions === null) throw new RequestProblem('forbidden');
  const address = addressOf(options, line);
  await checkEdge(options, address);
  const outcome = await questions.ask({ ...address, ...question }, signal);
  if (outcome.kind !== 'replied') throw new RequestProblem(outcome.kind);
  const { reply } = outcome;
  if (reply.code !== 'done') throw refusedBy(reply);
  if (!reader.validator.Check(reply.data)) {
    const [first] = reader.validator.Errors(reply.data);
    throw new RequestProblem('bad-answer', {
      detail: `${first?.instancePath ?? ''}: ${first?.message ?? ''}`,
    });
  }
  return reply.data as Static<T>;
}

/** @returns what a request about pieces is refused with. */
export function refusedBy({
  code,
  detail,
  refusal,
}: Pick<CommandReply, 'code' | 'detail' | 'refusal'>): RequestProblem {
  const words = detail === null ? {} : { detail };
  if (refusal !== undefined && Object.hasOwn(PROBLEM_OF, refusal)) {
    return new RequestProblem(PROBLEM_OF[refusal as SortingRefusal], words);
  }
  // An edge from before pieces were sorted knows none of it.
  if (code === 'unknown-command') return new RequestProblem('not-sorting', words);
  return new RequestProblem(Object.hasOwn(PROBLEMS, code) ? (code as ProblemCode) : 'no-reply', words);
}
