/**
 * Keeps publish requests waiting at the server, so that it can send news the moment it has them, and
 * acknowledges what came (OPC 10000-4 §5.14.5). One loop for all subscriptions of a session.
 */
import type { PublishResponse } from 'node-opcua-client';
import type { OpcuaLibrary, OpcuaSession } from './library.ts';
import { statusNameOf } from './service-failure.ts';

export interface NotificationMessage {
  readonly sequenceNumber: number;
  readonly notificationData: readonly unknown[] | null;
}

export interface PublishEvents {
  message(subscriptionId: number, message: NotificationMessage): void;
  /** The server knows none of our subscriptions any more. */
  noSubscription(): void;
  /** Publishing makes no sense any more: the session or the channel is gone. */
  ended(reason: string): void;
}

export interface PublishLoop {
  /** Fills up the requests for this many subscriptions. To be called now and then, also after `noSubscription`. */
  resume(subscriptions: number): void;
  stop(): void;
}

/** One request per subscription would leave none waiting while an answer travels. */
const SPARE_REQUESTS = 2;
/** How long a request may wait at the server; its signs of life use each one up long before. */
const WAIT_HINT_MS = 600_000;

/** What servers answer to a single request. The next one may be fine, but is sent by the next `resume`: a server
 * that refuses at once would otherwise be asked without a pause. */
const PASSING = new Set([
  'BadTimeout',
  'BadRequestTimeout',
  'BadRequestCancelledByClient',
  'BadTcpServerTooBusy',
]);

export function startPublishing(
  session: OpcuaSession,
  library: OpcuaLibrary,
  events: PublishEvents,
): PublishLoop {
  let stopped = false;
  let waiting = 0;
  let wanted = 0;
  /** Learnt from the server when it says that there are too many. */
  let allowed = Number.POSITIVE_INFINITY;
  let acknowledgements: { subscriptionId: number; sequenceNumber: number }[] = [];

  const fill = (): void => {
    for (let missing = Math.min(wanted, allowed) - waiting; missing > 0; missing -= 1) send();
  };
  const send = (): void => {
    if (stopped) return;
    waiting += 1;
    const request = new library.client.PublishRequest({
      requestHeader: { timeoutHint: WAIT_HINT_MS },
      subscriptionAcknowledgements: acknowledgements,
    });
    acknowledgements = [];
    session.publish(request, (error, response) => {
      waiting -= 1;
      if (stopped) return;
      if (error !== null || response === undefined) refused(error);
      else answered(response);
    });
  };
  const answered = (response: PublishResponse): void => {
    const { subscriptionId, notificationMessage } = response;
    // A sign of life carries the number of the next message and is not acknowledged.
    if ((notificationMessage.notificationData ?? []).length > 0) {
      acknowledgements.push({ subscriptionId, sequenceNumber: notificationMessage.sequenceNumber });
    }
    // Ask for more before working on this one.
    fill();
    events.message(subscriptionId, notificationMessage);
  };
  const refused = (error: Error | null): void => {
    const name = statusNameOf(error);
    if (name === 'BadTooManyPublishRequests') {
      allowed = Math.max(1, waiting);
    } else if (name === 'BadNoSubscription') {
      wanted = 0;
      events.noSubscription();
    } else if (name === null || !PASSING.has(name)) {
      stopped = true;
      events.ended(name ?? error?.message ?? 'publishing failed');
    }
  };
  return {
    resume(subscriptions) {
      wanted = subscriptions === 0 ? 0 : subscriptions + SPARE_REQUESTS;
      fill();
    },
    stop() {
      stopped = true;
    },
  };
}
