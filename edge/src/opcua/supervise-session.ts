/** One session from its first question to its end: subscriptions are made, watched and made anew. */
import { bad, type Quality } from '@trame/protocol/quality';
import type { OpcuaDeviceConfig, OpcuaTag } from '../domain/line-config.ts';
import type { Reading } from '../domain/reading.ts';
import type { DeviceSink } from '../ports/device.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { backoffMs, SUBSCRIPTION_BACKOFF } from './backoff.ts';
import type { DataValueLike } from './convert-value.ts';
import { learnTypes } from './learn-types.ts';
import {
  ailmentOf,
  hasDueItems,
  monitorDueItems,
  openSubscription,
  receive,
  type MonitoredSubscription,
  type SubscriptionDeps,
} from './monitored-subscription.ts';
import { planSubscriptions, type SubscriptionPlan } from './plan-subscriptions.ts';
import { startPublishing, type NotificationMessage, type PublishLoop } from './publish-loop.ts';
import { endsSession, reasonOf, statusNameOf } from './service-failure.ts';
import {
  deleteSubscription,
  probe,
  readLimits,
  readNamespaces,
  type ServerLimits,
  type ServiceContext,
} from './session-services.ts';
import type { TagBook } from './tag-book.ts';

export interface SessionJob {
  readonly device: OpcuaDeviceConfig;
  readonly services: ServiceContext;
  readonly book: TagBook;
  readonly sink: DeviceSink;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Resolves with the reason when the connection is gone. */
  readonly lost: Promise<string>;
  /** Everything that nodes are named by is known: they can be written. */
  readonly ready: (namespaces: readonly string[], limits: ServerLimits) => void;
  /** The number of the last result of the device's ring, as it comes. */
  readonly ringSeq: (data: DataValueLike, namespaces: readonly string[]) => void;
}

interface Slot {
  readonly plan: SubscriptionPlan;
  current: MonitoredSubscription | null;
  /** Failures to make it in a row, or deaths soon after. */
  failures: number;
  retryAtMs: number;
}

/** How often subscriptions are looked after; data itself never waits for this. */
const CARE_INTERVAL_MS = 250;
/** A subscription that lived this long was a good one. */
const SETTLED_MS = 30_000;
/** When subscriptions die this often in a row, the session itself is made anew. */
const FAILURES_MAX = 5;

/**
 * Reads the device until its session ends.
 *
 * @returns why it ended, in words for a person.
 * @throws the signal's reason when it aborts.
 */
export async function superviseSession(job: SessionJob): Promise<string> {
  try {
    return await new Supervisor(job).run();
  } catch (error) {
    job.services.signal.throwIfAborted();
    return `${job.device.url}: ${reasonOf(error)}`;
  }
}

class Supervisor {
  readonly #job: SessionJob;
  readonly #slots: readonly Slot[];
  readonly #ended = Promise.withResolvers<string>();
  readonly #publishing: PublishLoop;
  #namespaces: readonly string[] = [];
  #itemsPerCall = 1;

  constructor(job: SessionJob) {
    this.#job = job;
    this.#slots = planSubscriptions(job.device).map((plan) => ({
      plan,
      current: null,
      failures: 0,
      retryAtMs: 0,
    }));
    this.#publishing = startPublishing(job.services.session, job.services.library, {
      message: (id, message) => this.#onMessage(id, message),
      noSubscription: () => this.#breakAll('the server forgot it'),
      ended: (reason) => this.#ended.resolve(`${job.device.url}: ${reason}`),
    });
  }

  async run(): Promise<string> {
    const { device, services, book, sink, lost, ready } = this.#job;
    try {
      const limits = await readLimits(services);
      this.#itemsPerCall = limits.itemsPerCall;
      this.#namespaces = await readNamespaces(services);
      await learnTypes(services, book, this.#namespaces, limits.nodesPerRead);
      book.takeTypeNews();
      sink.online(device.id, book.definitions());
      ready(this.#namespaces, limits);
      while (true) {
        const reason = await this.#care();
        if (reason !== null) return reason;
        const pause = services.clock.sleep(CARE_INTERVAL_MS, services.signal).then(() => null);
        const ended = await Promise.race([lost, this.#ended.promise, pause]);
        if (ended !== null) return ended;
      }
    } finally {
      this.#publishing.stop();
    }
  }

  /** @returns why the session has to end, or null. */
  async #care(): Promise<string | null> {
    for (const slot of this.#slots) {
      const reason = await this.#careFor(slot);
      if (reason !== null) return reason;
    }
    this.#publishing.resume(this.#slots.filter(({ current }) => current !== null).length);
    return null;
  }

  async #careFor(slot: Slot): Promise<string | null> {
    const { clock } = this.#job.services;
    if (slot.current !== null) {
      const ailment = ailmentOf(slot.current, clock.monotonicMs());
      if (ailment !== null) {
        const reason = await this.#discard(slot, slot.current, ailment);
        if (reason !== null) return reason;
      }
    }
    if (slot.current === null && slot.retryAtMs <= clock.monotonicMs()) await this.#open(slot);
    const { current } = slot;
    if (current !== null && hasDueItems(current, clock.monotonicMs())) await this.#monitor(current);
    return slot.failures > FAILURES_MAX ? `${this.#job.device.url}: subscriptions do not last` : null;
  }

  async #open(slot: Slot): Promise<void> {
    const { clock } = this.#job.services;
    try {
      slot.current = await openSubscription(this.#deps(), slot.plan);
      this.#publishing.resume(this.#slots.filter(({ current }) => current !== null).length);
    } catch (error) {
      const status = statusNameOf(error);
      if (status === null || endsSession(status)) throw error;
      const { device, entropy, log } = this.#job;
      slot.failures += 1;
      slot.retryAtMs = clock.monotonicMs() + backoffMs(SUBSCRIPTION_BACKOFF, slot.failures, entropy.random());
      log.warn(
        { device: device.id, subscription: slot.plan.name, status },
        'the server refuses a subscription',
      );
      this.#sayAll(slot.plan, bad('refused'));
    }
  }

  async #monitor(subscription: MonitoredSubscription): Promise<void> {
    const { book, services, sink, device } = this.#job;
    // A server may add namespaces while it runs; it is asked again only when something was refused before.
    if (subscription.items.some(({ failures }) => failures > 0))
      this.#namespaces = await readNamespaces(services);
    try {
      const isRing = subscription.plan.name === 'ring';
      const refused = await monitorDueItems(this.#deps(), subscription, this.#namespaces, (tag, quality) =>
        isRing ? untold(tag, quality) : book.say(tag, quality),
      );
      for (const _ of refused) sink.incident(device.id, 'exception');
      if (refused.length > 0 && !isRing) sink.readings(device.id, refused);
    } catch (error) {
      const status = statusNameOf(error);
      if (status === null || endsSession(status)) throw error;
      subscription.broken = status;
    }
  }

  /** Gives up a subscription, so that the next step makes a new one. @returns why the session has to end, or null. */
  async #discard(slot: Slot, subscription: MonitoredSubscription, ailment: string): Promise<string | null> {
    const { device, services, sink, entropy, log } = this.#job;
    // First of all nobody may take the last values for live ones.
    this.#sayAll(slot.plan, bad('stale'));
    if (!(await probe(services))) {
      sink.incident(device.id, 'timeout');
      return `${device.url} does not answer: subscription ${ailment}`;
    }
    const now = services.clock.monotonicMs();
    slot.failures = now - subscription.bornMs > SETTLED_MS ? 0 : slot.failures + 1;
    slot.retryAtMs =
      slot.failures <= 1 ? now : now + backoffMs(SUBSCRIPTION_BACKOFF, slot.failures, entropy.random());
    slot.current = null;
    sink.incident(device.id, 'subscription-recreated');
    log.warn({ device: device.id, subscription: slot.plan.name, ailment }, 'a subscription is made anew');
    await deleteSubscription(services, subscription.id);
    return null;
  }

  #onMessage(id: number, message: NotificationMessage): void {
    const subscription = this.#slots.find(({ current }) => current?.id === id)?.current;
    // A late message of a subscription that was given up.
    if (subscription === null || subscription === undefined) return;
    const nowMs = this.#job.services.clock.monotonicMs();
    for (const one of receive(subscription, message, nowMs)) this.#deliver(subscription, one);
  }

  #deliver(subscription: MonitoredSubscription, message: NotificationMessage): void {
    const { device, book, sink, services, ringSeq } = this.#job;
    const isRing = subscription.plan.name === 'ring';
    const { DataChangeNotification, StatusChangeNotification } = services.library.client;
    const readings: Reading[] = [];
    for (const part of message.notificationData ?? []) {
      if (part instanceof StatusChangeNotification) {
        subscription.broken = `the server ended it: ${part.status.name}`;
      } else if (part instanceof DataChangeNotification) {
        for (const { clientHandle, value } of part.monitoredItems ?? []) {
          if (isRing) {
            ringSeq(value, this.#namespaces);
            continue;
          }
          const tag = subscription.items[clientHandle]?.tag;
          const reading = tag === undefined ? null : book.take(tag, value);
          if (reading !== null) readings.push(reading);
        }
      }
    }
    if (book.takeTypeNews()) sink.online(device.id, book.definitions());
    if (readings.length > 0) sink.readings(device.id, readings);
  }

  #breakAll(reason: string): void {
    for (const { current } of this.#slots) if (current !== null) current.broken = reason;
  }

  #sayAll({ name, tags }: SubscriptionPlan, quality: Quality): void {
    const { device, book, sink } = this.#job;
    if (tags.length > 0 && name !== 'ring')
      sink.readings(
        device.id,
        tags.map((tag) => book.say(tag, quality)),
      );
  }

  #deps(): SubscriptionDeps {
    const { device, services, entropy, log } = this.#job;
    return {
      device: device.id,
      staleAfterMs: device.staleAfterMs,
      services,
      itemsPerCall: this.#itemsPerCall,
      entropy,
      log,
    };
  }
}

/** Of what is no tag. */
function untold({ name }: OpcuaTag, quality: Quality): Reading {
  return { tag: name, value: null, quality, sourceTimeMs: null };
}
