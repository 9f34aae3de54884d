import { CONTROL_PAYLOADS, type ControlEventType } from '@trame/protocol/control/control-events';
import { decodeControlPicture } from '@trame/protocol/control/control-picture';
import type { LeaseCommand, MotionCommand } from '@trame/protocol/control/control-names';
import type { TagValue } from '@trame/protocol/tag';
import fc from 'fast-check';
import { Compile, type Validator } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import type { ControlEffect } from './control-types.ts';
import { controlPicture } from './picture.ts';
import { ANNA, BEN, TestLine, type Fate } from './test-control.ts';
import { testConfig } from './test-control-config.ts';
import { STATE } from './test-plc.ts';

type Act =
  | {
      readonly do: 'ask';
      readonly command: MotionCommand | LeaseCommand;
      readonly args: Readonly<Record<string, unknown>>;
      readonly actor: string | null;
    }
  /** The same request comes again: which of those before. */
  | { readonly do: 'again'; readonly which: number }
  | { readonly do: 'tag'; readonly name: string; readonly value: TagValue | null }
  | {
      readonly do: 'plc';
      readonly fault:
        | 'estop'
        | 'release'
        | 'reboot'
        | 'ignores'
        | 'mute'
        | 'keepsBits'
        | 'stuck'
        | 'sound'
        | 'away'
        | 'back'
        | 'runs';
    }
  | { readonly do: 'ledger'; readonly stores: boolean | null }
  | { readonly do: 'fate'; readonly fate: Fate }
  | { readonly do: 'defer' | 'deliver' | 'press' | 'recorded' | 'unrecorded' }
  | { readonly do: 'pass'; readonly ms: number };

const REQUESTS: readonly (readonly [MotionCommand | LeaseCommand, Readonly<Record<string, unknown>>])[] = [
  ['line.start', {}],
  ['line.start', {}],
  ['line.stop', {}],
  ['line.hold', {}],
  ['line.unhold', {}],
  ['line.reset', {}],
  ['line.mode', { mode: 'school' }],
  ['setpoint.write', { setpoint: 'speed', value: 0.8 }],
  ['setpoint.write', { setpoint: 'speed', value: 9 }],
  ['programme.download', { programme: 'nuit' }],
  ['programme.download', { programme: 'jour' }],
  ['diverter.set', { outlet: 'creme', to: 'reste' }],
  ['diverter.set', { outlet: 'creme', to: null }],
  ['scale.tare', { scale: 'infeed' }],
  ['scale.zero', { scale: 'infeed' }],
  ['control.take', {}],
  ['control.answer', { grant: true, to: BEN }],
  ['control.answer', { grant: false, to: BEN }],
  ['control.release', {}],
];

const TAGS: readonly (readonly [string, TagValue | null])[] = [
  ['plc/doors', true],
  ['plc/doors', false],
  ['plc/doors', null],
  ['plc/remote', true],
  ['plc/remote', false],
  ['plc/full1', true],
  ['plc/full1', false],
  ['plc/full2', true],
  ['plc/full2', false],
  ['plc/divert1', 2],
  ['plc/divert1', 0],
  ['plc/divert1', 3],
  ['plc/route1', 2],
  ['press/bales', 11],
  ['press/bales', 3],
  ['scale/stable', false],
  ['scale/stable', true],
];

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...REQUESTS), fc.constantFrom(ANNA, ANNA, ANNA, BEN, null))
      .map(([[command, args], actor]): Act => ({ do: 'ask', command, args, actor })),
  },
  {
    weight: 2,
    arbitrary: fc.oneof(fc.constant(-1), fc.nat(20)).map((which): Act => ({ do: 'again', which })),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(...TAGS).map(([name, value]): Act => ({ do: 'tag', name, value })),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom(
        'estop',
        'release',
        'reboot',
        'ignores',
        'mute',
        'keepsBits',
        'stuck',
        'sound',
        'sound',
        'away',
        'back',
        'runs',
      )
      .map((fault): Act => ({ do: 'plc', fault })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(true, true, false, null).map((stores): Act => ({ do: 'ledger', stores })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<Fate>('done', 'done', 'refused', 'unconfirmed', 'lies', 'lost')
      .map((fate): Act => ({ do: 'fate', fate })),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('defer', 'deliver', 'deliver', 'press', 'recorded', 'unrecorded')
      .map((what): Act => ({ do: what })),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom(100, 300, 1_000, 4_000, 11_000, 31_000).map((ms): Act => ({ do: 'pass', ms })),
  },
);

const DOORS_FORBID: readonly string[] = ['line.start', 'line.unhold', 'setpoint.write', 'programme.download'];

/** Watches what goes out, with eyes of its own. */
class Witness {
  readonly line: TestLine;
  readonly asked = new Map<string, Act & { readonly do: 'ask' }>();
  readonly again = new Set<string>();
  readonly wrongs: string[] = [];
  /** What the machine was last shown. */
  #doors: TagValue | null = null;
  #emergencyStop = false;
  #remote: TagValue | null = null;
  readonly #commands = new Map<string, string>();
  readonly #over = new Set<string>();

  constructor(line: TestLine) {
    this.line = line;
    line.onEffect = (effect) => this.#see(effect);
  }

  /** The line is about to be looked at. */
  shown(): void {
    const isAway = this.line.offline.has('plc');
    this.#doors = isAway ? null : (this.line.tags.get('plc/doors') ?? null);
    this.#emergencyStop = !isAway && this.line.plc.emergencyStop;
    this.#remote = isAway ? null : (this.line.tags.get('plc/remote') ?? null);
  }

  #see(effect: ControlEffect): void {
    if (effect.kind === 'record') this.#record(effect.record.type, effect.record.payload);
    if (effect.kind === 'answer' && effect.isFinal && effect.code !== 'not-stored') this.#over.add(effect.id);
    if (effect.kind !== 'write' && effect.kind !== 'call') return;
    const isTakeBack = effect.kind === 'write' && effect.target.tag === 'request' && effect.value === false;
    if (isTakeBack) return;
    const command = this.#commands.get(effect.request ?? '') ?? 'nothing that was recorded';
    const what =
      effect.kind === 'write' ? `${effect.target.tag}=${String(effect.value)}` : `${effect.method}()`;
    if (this.#emergencyStop) this.wrongs.push(`${what} in an emergency stop`);
    if (DOORS_FORBID.includes(command) && this.#doors !== true)
      this.wrongs.push(`${what} of ${command} with doors not closed`);
    if (['line.start', 'line.unhold', 'line.reset'].includes(command) && this.#remote !== true)
      this.wrongs.push(`${what} of ${command} with the switch on local`);
    if (!command.includes('.')) this.wrongs.push(`${what} of ${command}`);
    if (this.#over.has(effect.request ?? '')) this.wrongs.push(`${what} of a request that is over`);
  }

  #record(type: string, payload: Readonly<Record<string, unknown>>): void {
    const { request, command } = payload;
    if (type === 'command.requested') this.#commands.set(String(request), String(command));
    if (!VALIDATORS.get(type)?.Check(payload)) this.wrongs.push(`${type} ${JSON.stringify(payload)}`);
  }
}

const VALIDATORS: ReadonlyMap<string, Validator> = new Map(
  Object.keys(CONTROL_PAYLOADS).map((type) => [type, Compile(CONTROL_PAYLOADS[type as ControlEventType])]),
);

function play(witness: Witness, step: Act): void {
  const { line } = witness;
  switch (step.do) {
    case 'ask': {
      const id = line.freshId();
      witness.asked.set(id, step);
      line.ask(step.command, step.args, { actor: step.actor, id });
      return;
    }
    case 'again': {
      const [id, ask] = [...witness.asked].at(step.which) ?? [];
      if (id === undefined || ask === undefined) return;
      witness.again.add(id);
      line.ask(ask.command, ask.args, { actor: ask.actor, id });
      return;
    }
    case 'tag':
      line.tags.set(step.name, step.value);
      return;
    case 'plc':
      spoil(line, step.fault);
      return;
    case 'ledger':
      line.ledger = step.stores;
      return;
    case 'fate':
      line.fate = () => step.fate;
      return;
    case 'defer':
      line.isDeferred = !line.isDeferred;
      return;
    case 'deliver':
      line.deliver();
      return;
    case 'press':
      line.tags.set('plc/enable', line.tags.get('plc/enable') !== true);
      return;
    case 'recorded':
    case 'unrecorded':
      line.answerRecords(step.do === 'recorded');
      return;
    case 'pass':
      pass(witness, step.ms);
  }
}

function pass(witness: Witness, ms: number): void {
  for (let passed = 0; passed < ms; passed += 100) {
    witness.line.plc.step(witness.line.at.monotonicMs + 100);
    witness.shown();
    witness.line.pass(100);
  }
}

function spoil(line: TestLine, fault: (Act & { do: 'plc' })['fault']): void {
  const { plc } = line;
  if (fault === 'estop') plc.pressEmergencyStop();
  else if (fault === 'release') plc.emergencyStop = false;
  else if (fault === 'reboot') plc.reboot();
  else if (fault === 'stuck') plc.stuck = 'belt';
  else if (fault === 'away') line.offline.add('plc');
  else if (fault === 'back') line.offline.delete('plc');
  else if (fault === 'runs') plc.state = plc.emergencyStop ? plc.state : STATE.execute;
  else if (fault === 'sound')
    Object.assign(plc, { ignores: false, mute: false, keepsBits: false, stuck: null });
  else plc[fault] = true;
}

/** Everything works again, and time passes. */
function calm(witness: Witness): void {
  const { line } = witness;
  line.fate = () => 'done';
  line.ledger = true;
  line.isDeferred = false;
  line.unrecorded.length = 0;
  line.waiting.length = 0;
  line.offline.clear();
  spoil(line, 'sound');
  spoil(line, 'release');
  for (const [name, value] of [
    ['plc/doors', true],
    ['plc/full1', false],
    ['plc/full2', false],
  ] as const) {
    line.tags.set(name, value);
  }
  pass(witness, 45_000);
}

describe.each(['methods', 'handshake'] as const)(
  'whatever comes in whatever order, a line asked by %s',
  (channel) => {
    it('writes nothing that is forbidden, answers each request once, and ends each command', () => {
      fc.assert(
        fc.property(fc.array(act, { maxLength: 50 }), (story) => {
          const line = new TestLine(testConfig(channel));
          const witness = new Witness(line);
          witness.shown();
          line.ready();
          for (const step of story) {
            play(witness, step);
            const picture = controlPicture(
              line.setup,
              line.state,
              { boot: '0123456789abcdef', n: 1 },
              line.at,
            );
            expect(decodeControlPicture(new TextEncoder().encode(JSON.stringify(picture)))).toEqual(picture);
          }
          calm(witness);
          expect(witness.wrongs).toEqual([]);
          expect(line.state.running).toBeNull();
          expect(line.state.open).toEqual([]);
          expect(line.plc.bits.request).toBe(false);
          expect(answersOf(witness)).toEqual([]);
          expect(unpaired(line)).toEqual([]);
        }),
        { numRuns: 80 },
      );
    }, 120_000);
  },
);

/** @returns requests that were not answered as they should be. */
function answersOf({ line, asked, again }: Witness): readonly string[] {
  return [...asked.keys()].flatMap((id) => {
    const finals = line.answers(id).filter(({ isFinal }) => isFinal);
    const told = finals.filter(({ code }) => code !== 'not-stored').map(({ code }) => code);
    if (finals.length === 0) return [`${id} has no answer`];
    if (!again.has(id) && finals.length > 1)
      return [`${id} is answered ${finals.map(({ code }) => code).join()}`];
    return new Set(told).size > 1 ? [`${id} is answered ${told.join()}`] : [];
  });
}

/** @returns requests that were begun and have not one end; what the disk refused at once was not begun. */
function unpaired(line: TestLine): readonly string[] {
  const ends = line.records('command.ended').map(({ payload }) => payload['request']);
  const begun = line.effects.flatMap((effect) =>
    effect.kind === 'record' && effect.record.type === 'command.requested' ? [effect] : [],
  );
  return begun.flatMap(({ record: { payload }, step }) => {
    const count = ends.filter((end) => end === payload['request']).length;
    const wasRefused = step !== null && line.unstored.has(step);
    return count === 1 || (wasRefused && count === 0)
      ? []
      : [`${String(payload['request'])} ended ${count} times`];
  });
}
