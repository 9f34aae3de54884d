/** Turns whatever goes wrong in a request into a problem document; nothing of the inside leaves the server. */
import type { FastifyError, FastifyInstance } from 'fastify';
import { HistoryUnavailable } from '../history/history-store.ts';
import type { Log } from '../ports/log.ts';
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
    const errors = error.validation.map((fault) => ({
      path: `/${context === 'querystring' ? 'query' : context}${pointerOf(fault)}`,
      message: fault.message ?? 'is not valid',
    }));
    return ['invalid-request', { errors }];
  }
  const known = 'code' in error ? OF_FASTIFY[error.code] : undefined;
  if (known !== undefined) return [known, {}];
  const status = 'statusCode' in error ? error.statusCode : undefined;
  return status !== undefined && status >= 400 && status < 500
    ? ['invalid-request', {}]
    : ['internal-error', {}];
}

function pointerOf(fault: { instancePath: string; params: Record<string, unknown> }): string {
  const named = fault.params['additionalProperty'] ?? fault.params['missingProperty'];
  return typeof named === 'string' ? `${fault.instancePath}/${named}` : fault.instancePath;
}
