/**
 * A PLC for tests, in virtual time: PackML's states by its own table, a horn, three stations that come downstream first,
 * and a handshake. Written apart from the code under test, so that the two do not share an error.
 */

export const STATE = {
  clearing: 1,
  stopped: 2,
  starting: 3,
  idle: 4,
  suspended: 5,
  execute: 6,
  stopping: 7,
  aborted: 9,
  holding: 10,
  held: 11,
  unholding: 12,
  resetting: 15,
} as const;

export const CODE = { reset: 1, start: 2, stop: 3, hold: 4, unhold: 5, clear: 9 } as const;
export type Wish = keyof typeof CODE;

const TAKEN_IN: Record<Wish, readonly number[]> = {
  reset: [STATE.stopped],
  start: [STATE.idle],
  stop: [
    STATE.starting,
    STATE.idle,
    STATE.suspended,
    STATE.execute,
    STATE.holding,
    STATE.held,
    STATE.unholding,
    STATE.resetting,
  ],
  hold: [STATE.starting, STATE.execute, STATE.suspended, STATE.unholding],
  unhold: [STATE.held],
  clear: [STATE.aborted],
};
const ON_THE_WAY: Record<Wish, number> = {
  reset: STATE.resetting,
  start: STATE.starting,
  stop: STATE.stopping,
  hold: STATE.holding,
  unhold: STATE.unholding,
  clear: STATE.clearing,
};
const AT_THE_END: Record<Wish, number> = {
  reset: STATE.idle,
  start: STATE.execute,
  stop: STATE.stopped,
  hold: STATE.held,
  unhold: STATE.execute,
  clear: STATE.stopped,
};

/** In the order in which material meets them. */
export const STATIONS = ['opening', 'belt', 'sorter'] as const;
export type StationName = (typeof STATIONS)[number];

const HORN_MS = 3_200;
const STATION_MS = 400;
const SHORT_MS = 300;

export class TestPlc {
  state: number = STATE.idle;
  horn = false;
  emergencyStop = false;
  readonly stations: Record<StationName, number> = { opening: 1, belt: 1, sorter: 1 };
  readonly bits = { code: 0, request: false, acknowledge: false, done: false, refused: false };
  /** What is wrong with it. */
  ignores = false;
  mute = false;
  keepsBits = false;
  /** Its stations come, its state stays on the way. */
  hangs = false;
  /** A contact that sticks: it shows its emergency circuit open, and runs. */
  showsEmergencyStop = false;
  stuck: StationName | null = null;
  hornMs = HORN_MS;
  /** Wishes that it took, in order. */
  readonly took: Wish[] = [];
  #now = 0;
  #plan: { readonly wish: Wish; readonly sinceMs: number } | null = null;
  #shaken: { readonly wish: Wish } | null = null;

  /** @returns whether it takes the command. */
  ask(wish: Wish): boolean {
    if (this.emergencyStop || !TAKEN_IN[wish].includes(this.state)) return false;
    this.took.push(wish);
    if (this.ignores) return true;
    this.state = ON_THE_WAY[wish];
    this.#plan = { wish, sinceMs: this.#now };
    return true;
  }

  reboot(): void {
    this.state = STATE.stopped;
    this.#plan = null;
    this.horn = false;
    for (const name of STATIONS) this.stations[name] = 1;
    Object.assign(this.bits, { request: false, acknowledge: false, done: false, refused: false });
    this.#shaken = null;
  }

  pressEmergencyStop(): void {
    this.reboot();
    this.emergencyStop = true;
    this.state = STATE.aborted;
  }

  step(nowMs: number): void {
    this.#now = nowMs;
    this.#shake();
    if (this.#plan === null) return;
    const { wish, sinceMs } = this.#plan;
    const lasts = this.#sequence(wish, nowMs - sinceMs);
    if (nowMs - sinceMs < lasts || this.hangs) return;
    this.state = AT_THE_END[wish];
    this.#plan = null;
  }

  /** Moves the stations. @returns how long the whole lasts, ms. */
  #sequence(wish: Wish, sinceMs: number): number {
    const isStart = wish === 'start' || wish === 'unhold';
    if (!isStart && wish !== 'stop') return SHORT_MS;
    const lead = isStart ? this.hornMs : 0;
    this.horn = isStart && sinceMs < lead;
    const order = isStart ? STATIONS.toReversed() : STATIONS;
    for (const [at, name] of order.entries()) {
      const due = lead + at * STATION_MS;
      if (sinceMs < due || name === this.stuck) continue;
      if (!isStart) this.stations[name] = 1;
      else this.stations[name] = sinceMs < due + 200 ? 2 : 3;
    }
    return lead + STATIONS.length * STATION_MS + 200;
  }

  #shake(): void {
    const { bits } = this;
    if (!bits.request) {
      if (!this.keepsBits) Object.assign(bits, { acknowledge: false, done: false, refused: false });
      this.#shaken = null;
      return;
    }
    if (this.mute) return;
    const wish = (Object.keys(CODE) as Wish[]).find((name) => CODE[name] === bits.code);
    if (this.#shaken === null) {
      bits.acknowledge = true;
      if (wish === undefined || !this.ask(wish)) bits.refused = true;
      this.#shaken = { wish: wish ?? 'stop' };
    }
    if (!bits.refused && this.state === AT_THE_END[this.#shaken.wish]) bits.done = true;
  }
}
