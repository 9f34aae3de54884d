/** Sessions as the records have them, and as they had them last: who had one may stop a line though the records are away. */
import type { Clock } from '../ports/clock.ts';
import { within } from '../ports/repeat.ts';
import type { Records } from '../records/open-records.ts';
import { findSession, type OpenSession } from './session-repository.ts';

/** So long the records are waited for where it can be done without them, ms. */
export const PROOF_WAIT_MS = 400;
/** Past that the one that was looked up longest ago is forgotten. */
const REMEMBERED_MAX = 256;

export interface KnownSession {
  readonly session: OpenSession | null;
  /** What the records say; it rejects when they do not answer. */
  readonly proven: Promise<OpenSession | null>;
}

export class KnownSessions {
  readonly #options: { readonly records: Records; readonly clock: Clock };
  /** By token, in the order in which they were looked up last. */
  readonly #remembered = new Map<string, OpenSession>();

  constructor(options: { readonly records: Records; readonly clock: Clock }) {
    this.#options = options;
  }

  /** @throws when the records do not answer. */
  readonly findSession = async (token: string): Promise<OpenSession | null> => {
    const { records, clock } = this.#options;
    const session = await findSession(records, token, clock.nowMs());
    this.#remember(token, session);
    return session;
  };

  /**
   * What the records say, or, when they do not in time, what they said last of a session that has not run out since.
   * @throws when they do not answer, and nothing is known.
   */
  readonly knownSession = async (token: string): Promise<KnownSession> => {
    const { clock } = this.#options;
    const proven = this.findSession(token);
    const remembered = this.#remembered.get(token);
    if (remembered === undefined || remembered.expiresAt <= clock.nowMs()) {
      return { session: await proven, proven };
    }
    let session: OpenSession | null = remembered;
    const listen = async () => {
      session = await proven;
    };
    const isAway = await within(clock, PROOF_WAIT_MS, listen()).then(
      () => false,
      () => true,
    );
    return { session: isAway ? remembered : session, proven };
  };

  /** Its owner signed out. */
  forget(tokenHash: string): void {
    for (const [token, session] of this.#remembered) {
      if (session.tokenHash === tokenHash) this.#remembered.delete(token);
    }
  }

  #remember(token: string, session: OpenSession | null): void {
    this.#remembered.delete(token);
    if (session === null) return;
    this.#remembered.set(token, session);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > REMEMBERED_MAX && oldest !== undefined) this.#remembered.delete(oldest);
  }
}
