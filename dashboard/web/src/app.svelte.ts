/** What the whole page shares: who is signed in, where it is, how it looks, and the live stream. */
import type { Role, Session } from '@trame/protocol/dashboard-api';
import { createContext } from 'svelte';
import { getSession, signOut } from './api/dashboard.ts';
import type { Answer } from './api/request.ts';
import { postAct, postDocument } from './api/material.ts';
import { AlarmVoice } from './alarms/alarm-voice.svelte.ts';
import { LiveFeed } from './live.svelte.ts';
import { Navigation } from './navigation.svelte.ts';
import { Outbox } from './outbox/outbox.svelte.ts';
import type { Clock } from './system/clock.ts';
import type { Entropy } from './system/entropy.ts';
import { newUuidV7 } from './system/uuid-v7.ts';
import { ThemeChoice } from './theme.svelte.ts';

export type Presence =
  | { readonly kind: 'asking' }
  /** The server did not answer the question who we are. */
  | { readonly kind: 'away' }
  | { readonly kind: 'signedOut'; readonly expired: boolean }
  | { readonly kind: 'signedIn'; readonly session: Session };

/** Roles whose accounts read the live picture of a real line. */
const LINE_ROLES: readonly Role[] = ['operator', 'supervisor', 'administrator'];

export function mayWatchLines(role: Role): boolean {
  return LINE_ROLES.includes(role);
}

/** Roles that answer for what is recorded, and may decide about it. */
const HEALTH_ROLES: readonly Role[] = ['supervisor', 'administrator'];

export function mayReadHealth(role: Role): boolean {
  return HEALTH_ROLES.includes(role);
}

/** Those who lead: they command a line and answer its alarms. */
export function mayCommand(role: Role): boolean {
  return HEALTH_ROLES.includes(role);
}

export class App {
  readonly navigation = new Navigation();
  readonly theme = new ThemeChoice();
  readonly feed: LiveFeed;
  /** Acts about material that this browser has not been answered yet. */
  readonly outbox: Outbox;
  /** Sounds while an alarm that nobody saw stands; as muted on one screen, so on the next. */
  readonly voice = new AlarmVoice();
  readonly clock: Clock;
  #presence = $state.raw<Presence>({ kind: 'asking' });
  #session = new AbortController();

  constructor(options: { readonly clock: Clock; readonly entropy: Entropy }) {
    this.clock = options.clock;
    this.feed = new LiveFeed({ ...options, onSignedOut: () => this.sessionEnded() });
    this.outbox = new Outbox({
      post: postAct,
      upload: postDocument,
      newKey: () => newUuidV7(this.feed.nowMs),
      entropy: options.entropy,
      onSignedOut: () => this.sessionEnded(),
    });
  }

  get presence(): Presence {
    return this.#presence;
  }

  /** Asks the server who is signed in. */
  async recognise(signal: AbortSignal): Promise<void> {
    const answer = await getSession(signal);
    switch (answer.kind) {
      case 'ok':
        this.signedIn(answer.body);
        return;
      case 'refused':
        if (answer.status === 401) this.sessionEnded();
        else this.#serverAway();
        return;
      case 'away':
        this.#serverAway();
        return;
      case 'dropped':
        return;
    }
  }

  /** Aborts when the session that is open now is over. */
  get sessionOver(): AbortSignal {
    return this.#session.signal;
  }

  signedIn(session: Session): void {
    const before = this.#presence;
    if (before.kind === 'signedIn' && before.session.actorRef !== session.actorRef) this.#endSession();
    this.#presence = { kind: 'signedIn', session };
  }

  /** Says so at the sign-in when somebody was signed in until now. */
  sessionEnded(): void {
    if (this.#presence.kind === 'signedOut') return;
    this.#endSession();
    this.#presence = { kind: 'signedOut', expired: this.#presence.kind === 'signedIn' };
  }

  /** Hands an answer on; one that says that the session is over brings the sign-in. */
  async noticed<T>(asked: Promise<Answer<T>>): Promise<Answer<T>> {
    const answer = await asked;
    if (answer.kind === 'refused' && answer.status === 401) this.sessionEnded();
    return answer;
  }

  /** Who is signed in stays so while the server is away: the banner tells, and old numbers stay readable. */
  #serverAway(): void {
    if (this.#presence.kind === 'asking') this.#presence = { kind: 'away' };
  }

  /** @returns the server's answer; only when it is gone is the page signed out. */
  async leave(signal: AbortSignal): Promise<Answer<true>> {
    const answer = await signOut(signal);
    const gone = answer.kind === 'ok' || (answer.kind === 'refused' && answer.status === 401);
    if (gone) {
      this.#endSession();
      this.#presence = { kind: 'signedOut', expired: false };
    }
    return answer;
  }

  /** What was begun for whoever was signed in is not gone on with for the next. */
  #endSession(): void {
    this.#session.abort();
    this.#session = new AbortController();
  }
}

export const [useApp, provideApp] = createContext<App>();
