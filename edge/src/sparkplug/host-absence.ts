/** Says, for a person, that the line waits for its host application: as a reason, and once in the log. */
import type { Log } from '../ports/log.ts';
import type { HostView } from './host-view.ts';
import { HOST_ABSENT_WARN_MS } from './uplink-options.ts';

export class HostAbsence {
  readonly #host: string;
  readonly #log: Log;
  #isTold = false;

  constructor(host: string, log: Log) {
    this.#host = host;
    this.#log = log;
  }

  reason({ wasOnline }: HostView): string {
    return `the host application «${this.#host}» ${wasOnline ? 'is offline' : 'was never seen online'}`;
  }

  /** The host left a line that was being published. */
  began(view: HostView): void {
    this.#tell(view);
  }

  /** The line waits for the host, for so long already. */
  lasts(view: HostView, waitedMs: number): void {
    if (waitedMs >= HOST_ABSENT_WARN_MS) this.#tell(view);
  }

  ended(): void {
    this.#isTold = false;
  }

  #tell(view: HostView): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#log.warn({ host: this.#host }, `${this.reason(view)}; nothing is published until it is online`);
  }
}
