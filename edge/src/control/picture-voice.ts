/** Says how the control of the line stands: at each change, sparingly, and now and then so that nobody takes it for old. */
import type { CommandReason } from '@trame/protocol/control/control-events';
import {
  CONTROL_BYTES_MAX,
  CONTROL_REPEAT_MS,
  type ControlPicture,
} from '@trame/protocol/control/control-picture';

/** Two pictures are at least so far apart, ms; but for what a command has just done. */
export const PICTURE_GAP_MS = 250;
/** Pictures of a gap that may come before their time: how a command ended, and what the devices show of it since. */
export const EARLY_MAX = 4;
/** Above this size reasons go without words that stand elsewhere in it, bytes. */
const PICTURE_BYTES_WANTED = 48 * 1024;
const CUT_CHARS = 40;

export class PictureVoice {
  readonly #say: (picture: string) => boolean;
  #n = 0;
  #saidAtMs = -Infinity;
  /** How many came before their time since the last that did not. */
  #early = 0;
  #urgentUntilMs = -Infinity;
  #said = '';

  /** @param say hands it on, or leaves it: never blocks. */
  constructor(say: (picture: string) => boolean) {
    this.#say = say;
  }

  /** @returns whether somebody waits for what a command has just done. @param nowMs monotonic. */
  isAwaited(nowMs: number): boolean {
    return nowMs < this.#urgentUntilMs && this.#early < EARLY_MAX;
  }

  /**
   * @param nowMs monotonic. @param picture asked for only when one may be said now, with its number.
   * @param isUrgent a command has just ended.
   */
  look(nowMs: number, picture: (n: number) => ControlPicture, isUrgent = false): void {
    const sinceMs = nowMs - this.#saidAtMs;
    const isEarly = sinceMs < PICTURE_GAP_MS;
    if (isUrgent) this.#urgentUntilMs = nowMs + PICTURE_GAP_MS;
    if (isEarly && !this.isAwaited(nowMs)) return;
    const next = picture(this.#n + 1);
    const essence = essenceOf(next);
    if (essence === this.#said && sinceMs < CONTROL_REPEAT_MS) return;
    // Unsaid, it is tried again at the next look: it gets another number then only if it was said.
    if (!this.#say(bounded(next))) return;
    this.#n += 1;
    this.#saidAtMs = nowMs;
    this.#early = isEarly ? this.#early + 1 : 0;
    this.#said = essence;
  }
}

function bounded(picture: ControlPicture): string {
  const text = JSON.stringify(picture);
  if (Buffer.byteLength(text) <= PICTURE_BYTES_WANTED) return text;
  const once = withoutRepeats(picture);
  const less = JSON.stringify(once);
  return Buffer.byteLength(less) <= CONTROL_BYTES_MAX ? less : JSON.stringify(shortened(once));
}

/** The words of an interlock stand with it: reasons that repeat them, and devices that say why they are away, go without. */
function withoutRepeats(picture: ControlPicture): ControlPicture {
  const refusals = Object.entries(picture.refusals).map(([command, reasons]) => [command, wordless(reasons)]);
  return { ...picture, refusals: Object.fromEntries(refusals) as ControlPicture['refusals'] };
}

/** Words are cut, things are not left out: the largest line that is accepted fits so. */
function shortened(picture: ControlPicture): ControlPicture {
  const { interlocks, last } = picture;
  return {
    ...picture,
    interlocks: interlocks.map((interlock) => ({ ...interlock, words: cut(interlock.words) })),
    last:
      last === null
        ? null
        : {
            ...last,
            reasons: wordless(last.reasons),
            detail: last.detail === null ? null : cut(last.detail),
          },
  };
}

function wordless(reasons: readonly CommandReason[]): CommandReason[] {
  return reasons.map((reason) => ({ ...reason, words: '' }));
}

function cut(words: string): string {
  return words.length <= CUT_CHARS ? words : `${words.slice(0, CUT_CHARS - 1).toWellFormed()}…`;
}

/** What makes a picture another: times that only pass do not, a local enable that runs out does so once a second. */
function essenceOf({ n: _n, at: _at, enableLeftMs, ...rest }: ControlPicture): string {
  return JSON.stringify({ ...rest, left: enableLeftMs === null ? null : Math.ceil(enableLeftMs / 1000) });
}
