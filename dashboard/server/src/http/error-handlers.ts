/** Turns whatever goes wrong in a request into a problem document; nothing of the inside leaves the server. */
import type { FastifyError, FastifyInstance } from 'fastify';
import { HistoryUnavailable } from '../history/history-store.ts';
import type { Log } from '../ports/log.ts';
import { recordsAway } from '../records/records-away.ts';
import { RequestProblem, sendProblem, type ProblemCode, type ProblemDetails } from './problem.ts';

const OF_FASTIFY: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-body',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-body',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed-body',
  FST_ERR_BAD_URL: 'invalid-request',
};

export function addErrorHandlers(app: FastifyInstance, log: Log): void {
  app.setErrorHandler<FastifyError | Error>((error, request, reply) => {
    const [code, details] = problemOf(error);
    if (code === 'records-unavailable') {
      log.warn({ reason: recordsAway(error), route: request.routeOptions.url }, 'the records do not answer');
    }
    if (code === 'internal-error') {
      log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'request failed');
    }
    return sendProblem(reply, code, details);
  });
}

function problemOf(error: FastifyError | Error): [ProblemCode, ProblemDetails] {
  if (error instanceof RequestProblem) return [error.code, error.details];
  if (error instanceof HistoryUnavailable) return ['history-unavailable', {}];
  if ('validation' in error && error.validation !== undefined) {
    const context = error.validationContext ?? 'body';
    const root = `/${context === 'querystring' ? 'query' : context}`;
    const errors = faultsOf(error.validation).map(({ pointer, message }) => ({
      path: root + pointer,
      message,
    }));
    return ['invalid-request', { errors }];
  }
  if (recordsAway(error) !== null) return ['records-unavailable', {}];
  const known = 'code' in error ? OF_FASTIFY[error.code] : undefined;
  if (known !== undefined) return [known, {}];
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return status !== undefined && status >= 400 && status < 500
    ? ['invalid-request', {}]
    : ['internal-error', {}];
}

interface Fault {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Record<string, unknown>;
  readonly message?: string;
}

/** A value that is none of a list of words gives one fault for each word, and one for the list: told as one. */
function faultsOf(faults: readonly Fault[]): { readonly pointer: string; readonly message: string }[] {
  const words = new Map<string, string[]>();
  for (const { instancePath, params } of faults) {
    const word = params['allowedValue'];
    if (typeof word === 'string') words.set(instancePath, [...(words.get(instancePath) ?? []), word]);
  }
  const isPartOfList = ({ instancePath, keyword }: Fault) =>
    words.has(instancePath) && (keyword === 'const' || keyword === 'anyOf');
  return [
    ...[...words].map(([pointer, known]) => ({ pointer, message: `expected one of ${known.join(', ')}` })),
    ...faults
      .filter((fault) => !isPartOfList(fault))
      .map((fault) => ({ pointer: pointerOf(fault), message: fault.message ?? 'is not valid' })),
  ];
}

function pointerOf(fault: Pick<Fault, 'instancePath' | 'params'>): string {
  const named = fault.params['additionalProperty'] ?? fault.params['missingProperty'];
  return typeof named === 'string' ? `${fault.instancePath}/${named}` : fault.instancePath;
}
