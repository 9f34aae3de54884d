/**
 * Two clients with one id throw each other off a broker for ever, and MQTT 3.1.1 tells neither why. What each
 * of them sees is connection after connection that is accepted and soon ended.
 */

/** A connection that ended within this time of being accepted was a brief one, ms. */
export const BRIEF_CONNECTION_MS = 10_000;
/** So many brief connections in a row are no accident. */
export const BRIEF_CONNECTIONS_SUSPECT = 3;

export class BriefConnections {
  readonly #clientId: string;
  #inARow = 0;

  constructor(clientId: string) {
    this.#clientId = clientId;
  }

  /**
   * Takes the end of a connection, or of the attempt at one.
   * @param heldMs how long the broker had accepted it when the broker ended it; null when it never did, or
   * when this side gave up.
   * @returns the reason for a person, with the likely cause when there is one.
   */
  ended(reason: string, heldMs: number | null): string {
    this.#inARow = heldMs !== null && heldMs < BRIEF_CONNECTION_MS ? this.#inARow + 1 : 0;
    if (this.#inARow < BRIEF_CONNECTIONS_SUSPECT) return reason;
    return `${reason}, soon after it was accepted, again and again: another client may use the same id «${this.#clientId}»`;
  }
}
