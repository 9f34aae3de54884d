/** A line under control for tests: a PLC, a sorter, scales and a press in virtual time, and a shell that can lose things. */
import type { MotionCommand, LeaseCommand } from '@trame/protocol/control/control-names';
import { GOOD, bad } from '@trame/protocol/quality';
import type { TagType, TagValue } from '@trame/protocol/tag';
import type { Instant, TagState } from '../tag-state.ts';
import type { ControlConfig } from './control-config.ts';
import { nextControl, startControl } from './control-machine.ts';
import type { ControlState } from './control-state.ts';
import type { ControlEffect, ControlEvent, ControlSetup, DeviceView, StepOutcome } from './control-types.ts';
import { testConfig, testSetup } from './test-control-config.ts';
import { STATIONS, TestPlc, type Wish } from './test-plc.ts';

const WALL_MS = 1_790_000_000_000;
export const TICK_MS = 100;
export const ANNA = 'aaaaaaaa';
export const BEN = 'bbbbbbbb';

/** What becomes of a write or a call. `lost`: nothing is ever told of it. */
export type Fate = 'done' | 'refused' | 'unconfirmed' | 'lies' | 'lost';

/** Tags of scales, in kg. */
const MASSES: ReadonlySet<string> = new Set(['gross', 'tare']);

type Asked = Extract<ControlEffect, { readonly kind: 'write' | 'call' }>;

export class TestLine {
  readonly plc = new TestPlc();
  readonly setup: ControlSetup;
  state: ControlState;
  /** Everything that the machine asked for, in order. */
  readonly effects: ControlEffect[] = [];
  /** Values of tags that the PLC's sequence does not make. */
  readonly tags = new Map<string, TagValue | null>([
    ['plc/remote', true],
    ['plc/enable', false],
    ['plc/mode', 1],
    ['plc/doors', true],
    ['plc/speed', 0.5],
    ['plc/route1', 1],
    ['plc/route2', 2],
    ['plc/route3', 3],
    ['plc/programme', 'jour'],
    ['plc/version', 3],
    ['plc/divert1', 0],
    ['plc/divert2', 0],
    ['plc/full1', false],
    ['plc/full2', false],
    ['press/cycle', 1],
    ['press/bales', 10],
    ['press/outlet', 1],
    ['scale/stable', true],
    ['scale/belowMin', true],
  ]);
  readonly offline = new Set<string>();
  /** Decides what becomes of each write. */
  fate: (asked: Asked) => Fate = () => 'done';
  /** Whether the ledger stores what it is asked to; null: it does not answer. */
  ledger: boolean | null = true;
  /** What comes of the next beats of the life counter; null: nothing. */
  beatOutcome: StepOutcome | null = { kind: 'confirmed', readBack: null };
  /** True: writes wait until they are delivered. */
  isDeferred = false;
  /** Told of each effect before it is run, in its order. */
  onEffect: (effect: ControlEffect) => void = () => undefined;
  /** Writes and calls that wait. */
  readonly waiting: Asked[] = [];
  /** Steps of records that nobody answered yet. */
  readonly unrecorded: number[] = [];
  /** Steps whose records are in the ledger. */
  readonly stored = new Set<number>();
  /** Steps whose records were told not to be stored. */
  readonly unstored = new Set<number>();
  /** Marks that were stored. */
  readonly marks = new Map<string, string>();
  readonly #unanswered = new Map<number, Extract<ControlEffect, { readonly kind: 'record' }>>();
  readonly #keys = new Set<string>();
  #nowMs = 1_000;
  #ids = 0;

  constructor(
    config: ControlConfig = testConfig(),
    marks: ReadonlyMap<string, string> = new Map(),
    more: Partial<ControlSetup> = {},
  ) {
    this.setup = { ...testSetup(config), ...more };
    for (const [name, value] of marks) this.marks.set(name, value);
    const { state, effects } = startControl(this.setup, (name) => this.marks.get(name) ?? null, this.at);
    this.state = state;
    this.#run(effects);
  }

  get at(): Instant {
    return { wallMs: WALL_MS + this.#nowMs, monotonicMs: this.#nowMs };
  }

  /** Lets virtual time pass, looking every {@link TICK_MS}. */
  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += TICK_MS) {
      this.#nowMs += TICK_MS;
      this.plc.step(this.#nowMs);
      this.look();
    }
  }

  look(): void {
    this.feed({ kind: 'look', at: this.at, devices: this.devices(), freshId: this.freshId() });
  }

  /** @returns the id of the request. */
  ask(
    command: MotionCommand | LeaseCommand,
    args: Readonly<Record<string, unknown>> = {},
    { actor = ANNA, id = this.freshId() }: { readonly actor?: string | null; readonly id?: string } = {},
  ): string {
    const isRecorded = this.#keys.has(`request:${id}`) || this.#keys.has(`ended:${id}`);
    this.feed({ kind: 'request', at: this.at, id, command, args, actor, isRecorded });
    return id;
  }

  /** Anna takes the line, and somebody presses the local enable. */
  ready(): void {
    this.pass(TICK_MS);
    this.ask('control.take');
    this.pressEnable();
  }

  /** The PLC is in this state, by itself. */
  standIn(state: number): void {
    this.plc.state = state;
  }

  pressEnable(): void {
    this.tags.set('plc/enable', true);
    this.pass(TICK_MS);
    this.tags.set('plc/enable', false);
    this.pass(TICK_MS);
  }

  /** The write that waits longest is made. */
  deliver(): void {
    const asked = this.waiting.shift();
    if (asked !== undefined) this.#act(asked);
  }

  /** The ledger answers what it left unanswered. */
  answerRecords(stored: boolean): void {
    for (const step of this.unrecorded.splice(0)) {
      const effect = this.#unanswered.get(step);
      this.#unanswered.delete(step);
      if (!stored) this.unstored.add(step);
      else if (effect !== undefined) this.#store(effect);
      this.feed({ kind: 'recorded', at: this.at, step, stored });
    }
  }

  feed(event: ControlEvent): void {
    const { state, effects } = nextControl(this.setup, this.state, event);
    this.state = state;
    this.#run(effects);
  }

  answers(id: string): readonly Extract<ControlEffect, { readonly kind: 'answer' }>[] {
    return this.effects.flatMap((effect) => (effect.kind === 'answer' && effect.id === id ? [effect] : []));
  }

  /** The final answer to it; undefined: there is none yet. */
  final(id: string): Extract<ControlEffect, { readonly kind: 'answer' }> | undefined {
    return this.answers(id).find(({ isFinal }) => isFinal);
  }

  records(type: string): readonly Extract<ControlEffect, { readonly kind: 'record' }>['record'][] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'record' && effect.record.type === type ? [effect.record] : [],
    );
  }

  /** Writes and calls, as `tag=value` and `method()`. */
  written(): readonly string[] {
    return this.effects.flatMap((effect) => {
      if (effect.kind === 'write') return [`${effect.target.tag}=${String(effect.value)}`];
      return effect.kind === 'call' ? [`${effect.method}()`] : [];
    });
  }

  freshId(): string {
    this.#ids += 1;
    return this.#ids.toString(16).padStart(32, '0');
  }

  devices(): ReadonlyMap<string, DeviceView> {
    const { plc } = this;
    const own: readonly (readonly [string, TagValue | null])[] = [
      ['plc/state', plc.state],
      ['plc/estop', plc.emergencyStop || plc.showsEmergencyStop],
      ['plc/horn', plc.horn],
      ...STATIONS.map((name) => [`plc/${name}`, plc.stations[name]] as const),
      ...Object.entries(plc.bits).map(([name, value]) => [`plc/${name}`, value] as const),
    ];
    const all = new Map([...own, ...this.tags]);
    return new Map(['plc', 'press', 'scale'].map((device) => [device, this.#device(device, all)]));
  }

  #device(device: string, all: ReadonlyMap<string, TagValue | null>): DeviceView {
    const isAway = this.offline.has(device);
    const tags = [...all].flatMap(([name, value]) => {
      const [of, tag] = name.split('/');
      return of === device && tag !== undefined
        ? [[tag, this.#tag(tag, isAway ? null : value)] as const]
        : [];
    });
    return {
      presence: isAway ? 'offline' : 'online',
      reason: isAway ? 'câble débranché' : null,
      tags: new Map(tags),
    };
  }

  #tag(name: string, value: TagValue | null): TagState {
    const type: TagType =
      typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : 'float64';
    return {
      definition: {
        name,
        type,
        unit: MASSES.has(name) ? 'kg' : null,
        deadband: 0,
        range: null,
        staleAfterMs: null,
      },
      value,
      quality: value === null ? bad('device-offline') : GOOD,
      timeMs: this.at.wallMs,
      readAtMs: this.at.monotonicMs,
      told: null,
    };
  }

  #run(effects: readonly ControlEffect[]): void {
    this.effects.push(...effects);
    for (const effect of effects) {
      this.onEffect(effect);
      if (effect.kind === 'record') this.#record(effect);
      if (effect.kind === 'live' && this.beatOutcome !== null) {
        this.feed({ kind: 'lived', at: this.at, outcome: this.beatOutcome });
      }
      if (effect.kind !== 'write' && effect.kind !== 'call') continue;
      if (this.isDeferred) this.waiting.push(effect);
      else this.#act(effect);
    }
  }

  #record(effect: Extract<ControlEffect, { readonly kind: 'record' }>): void {
    const { step } = effect;
    if (this.ledger === true || step === null) this.#store(effect);
    else if (this.ledger === null) this.#unanswered.set(step, effect);
    if (step !== null && this.ledger === null) this.unrecorded.push(step);
    if (step !== null && this.ledger === false) this.unstored.add(step);
    if (step !== null && this.ledger !== null) {
      this.feed({ kind: 'recorded', at: this.at, step, stored: this.ledger });
    }
  }

  #store({ record, step }: Extract<ControlEffect, { readonly kind: 'record' }>): void {
    if (step !== null) this.stored.add(step);
    if (record.key !== null) this.#keys.add(record.key);
    for (const [name, value] of Object.entries(record.marks)) this.marks.set(name, value);
  }

  #act(asked: Asked): void {
    const fate = this.offline.has(asked.kind === 'write' ? asked.target.device : asked.device)
      ? 'refused'
      : this.fate(asked);
    const outcome = this.#outcome(asked, fate);
    if (outcome !== null) this.feed({ kind: 'written', at: this.at, step: asked.step, outcome });
  }

  #outcome(asked: Asked, fate: Fate): StepOutcome | null {
    switch (fate) {
      case 'lost':
        return null;
      case 'refused':
        return { kind: 'refused', reason: 'n’est pas connecté' };
      case 'lies':
        return { kind: 'unconfirmed', readBack: 0, reason: 'relu : 0' };
      case 'unconfirmed':
        this.#carryOut(asked);
        return { kind: 'unconfirmed', readBack: null, reason: 'pas de réponse' };
      case 'done':
        if (!this.#carryOut(asked)) return { kind: 'refused', reason: 'état interdit' };
        return { kind: 'confirmed', readBack: asked.kind === 'write' ? asked.value : null };
    }
  }

  /** @returns whether the device takes it. */
  #carryOut(asked: Asked): boolean {
    if (asked.kind === 'call') return this.plc.ask(asked.method.toLowerCase() as Wish);
    const { device, tag } = asked.target;
    if (device === 'plc' && tag === 'code') this.plc.bits.code = Number(asked.value);
    else if (device === 'plc' && tag === 'request') this.plc.bits.request = asked.value === true;
    else {
      this.tags.set(`${device}/${tag}`, asked.value);
      if (tag === 'modeAsk') this.tags.set('plc/mode', asked.value);
    }
    return true;
  }
}
