/** The sound of an alarm that nobody has seen: repeated until somebody does, or turns it off for a while. */
import { muteFor, type Mute } from './mute.ts';
import firstUrl from './sounds/alarm-1.wav?url';
import secondUrl from './sounds/alarm-2.wav?url';

const URLS = { 1: firstUrl, 2: secondUrl } as const;
/** How often it is heard. */
const EVERY_MS = { 1: 3_000, 2: 8_000 } as const;

export class AlarmVoice {
  #mute = $state.raw<Mute | null>(null);
  #isRefused = $state.raw(false);
  #priority: 1 | 2 | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;

  get mute(): Mute | null {
    return this.#mute;
  }

  /** The browser makes no sound before somebody has touched the page. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  silence(nowMs: number, forMs: number): void {
    this.#mute = muteFor(nowMs, forMs);
  }

  speak(): void {
    this.#mute = null;
  }

  /** Sounds at once and again and again; null: is quiet. The same again changes nothing. */
  say(priority: 1 | 2 | null): void {
    if (priority === this.#priority) return;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#priority = priority;
    if (priority === null) return;
    void this.#play(priority);
    this.#timer = setInterval(() => void this.#play(priority), EVERY_MS[priority]);
  }

  /** Tries again after a touch. */
  touched(): void {
    if (this.#isRefused && this.#priority !== null) void this.#play(this.#priority);
  }

  async #play(priority: 1 | 2): Promise<void> {
    try {
      await new Audio(URLS[priority]).play();
      this.#isRefused = false;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      // Without a touch before, or without the means: the banner says so.
      this.#isRefused = true;
    }
  }
}
