/** What a session's changes mean to a person: why nothing is published, since when, and what the log says of it. */
import { BriefConnections } from '../mqtt/brief-connections.ts';
import { clientIdOf } from './client-id.ts';
import { HostAbsence } from './host-absence.ts';
import type { SessionEvent, SessionState } from './session.ts';
import type { UplinkOptions } from './uplink-options.ts';

export class SessionStory {
  readonly #options: UplinkOptions;
  readonly #absence: HostAbsence;
  readonly #brief: BriefConnections;
  #reason: string | null = null;
  #sinceMs: number;

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#absence = new HostAbsence(options.config.primaryHost ?? '', options.log);
    this.#brief = new BriefConnections(clientIdOf(options.site, options.line));
    this.#sinceMs = options.clock.nowMs();
  }

  /** UTC ms of the last change. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Null when there is none to tell. */
  reason({ phase, host }: SessionState): string | null {
    return phase.kind === 'waiting-for-host' && host !== null ? this.#absence.reason(host) : this.#reason;
  }

  changed({ phase, host, bdSeq }: SessionState, event: SessionEvent): void {
    const { log, clock, config } = this.#options;
    this.#sinceMs = clock.nowMs();
    if (phase.kind === 'waiting-for-host') {
      log.info({ host: config.primaryHost }, 'waiting for the primary host');
    } else if (phase.kind === 'born') {
      this.#reason = null;
      this.#absence.ended();
      log.info({ bdSeq }, 'publishing to the broker');
    } else if (phase.kind === 'disconnected' && host !== null && event.kind === 'host-state') {
      this.#reason = this.#absence.reason(host);
      this.#absence.began(host);
    } else if (phase.kind === 'disconnected' && event.kind === 'host-recheck') {
      this.#reason = 'a STATE of the host application was not believed, and is asked for again';
      log.warn({ host: config.primaryHost }, this.#reason);
    }
  }

  /** The host has been waited for until now, monotonic ms. */
  waits({ phase, host }: SessionState, atMs: number): void {
    if (phase.kind === 'waiting-for-host' && host !== null) this.#absence.lasts(host, atMs - phase.sinceMs);
  }

  /**
   * The connection, or the attempt at one, ended by itself.
   * @param heldMs how long the broker had accepted it; null when it never did, or this side gave up.
   */
  ended(cause: string, heldMs: number | null): void {
    const { log, config } = this.#options;
    const reason = this.#brief.ended(cause, heldMs);
    // Every few seconds for as long as a broker is away: told once, and again when the reason changes.
    if (reason !== this.#reason) log.warn({ broker: config.url, reason }, 'no connection to the broker');
    this.#reason = reason;
  }
}
