/** `GET /api/v1/live`: the live picture as server-sent events. */
import { Problem } from '@trame/protocol/dashboard-api';
import type { ServerResponse } from 'node:http';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { Clock } from '../ports/clock.ts';
import { repeat } from '../ports/repeat.ts';
import type { LiveHub, StreamSink } from './live-hub.ts';
import { HEARTBEAT_MS } from './limits.ts';

export interface LiveRouteOptions {
  readonly hub: LiveHub;
  readonly clock: Clock;
  /** Whether a session still stands: a page that signed out elsewhere must not go on watching. */
  readonly sessionStands: (tokenHash: string) => Promise<boolean>;
}

export function addLiveRoutes(app: TypedApp, options: LiveRouteOptions): void {
  app.get(
    '/live',
    {
      config: { access: roles('operator', 'supervisor', 'administrator') },
      exposeHeadRoute: false,
      schema: {
        operationId: 'followLive',
        summary: 'Live picture: events snapshot, delta and heartbeat',
        description:
          'Server-sent events. `snapshot` {epoch, rev, state}; `delta` {prev, rev, ops}, applied only to ' +
          'revision `prev`; `heartbeat` {serverTime} every 10 s. `Last-Event-ID` continues for 5 minutes; `lastEventId` says ' +
          'the same for a page that opens a new EventSource, which cannot send headers.',
        tags: ['live'],
        produces: ['text/event-stream'],
        querystring: Type.Object(
          { lastEventId: Type.Optional(Type.String({ maxLength: 128 })) },
          { additionalProperties: false },
        ),
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 128 })) }),
        response: {
          200: Type.String({ description: 'Events, until the page leaves' }),
          '4xx': Problem,
          '5xx': Problem,
        },
      },
    },
    (request, reply) => {
      const response = reply.raw;
      const sink = sinkOf(response);
      const tokenHash = request.session?.tokenHash ?? '';
      if (options.hub.isFull) throw new RequestProblem('too-many-listeners');
      reply.hijack();
      // Headers set by hooks lie in the reply, which a hijacked answer no longer writes.
      for (const [name, value] of Object.entries(reply.getHeaders())) {
        if (value !== undefined) response.setHeader(name, value);
      }
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      // A page that continues may have nothing to hear at first: it must still see that it is connected.
      response.flushHeaders();
      response.socket?.setNoDelay(true);
      const lastEventId = request.headers['last-event-id'] ?? request.query.lastEventId ?? null;
      const listener = options.hub.join(sink, lastEventId);
      if (listener === null) {
        response.end();
        return;
      }
      const gone = new AbortController();
      response.on('drain', () => listener.drained());
      response.on('close', () => {
        gone.abort();
        listener.leave();
      });
      // A reset connection is a page that went away: the close that follows is what counts.
      response.on('error', () => gone.abort());
      void repeat(options.clock, HEARTBEAT_MS, gone.signal, async () => {
        if (!(await options.sessionStands(tokenHash))) response.end();
      }).catch(() => response.destroy());
    },
  );
}

function sinkOf(response: ServerResponse): StreamSink {
  return {
    write: (text) => response.write(text),
    // Destroyed, not ended: an end would wait behind what a client that never reads has not taken.
    close: () => response.destroy(),
  };
}
