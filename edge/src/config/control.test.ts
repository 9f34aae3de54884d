/** `control:` of line.yaml: what it becomes, and what a person reads who made a mistake in it. */
import { describe, expect, it } from 'vitest';
import type { ControlConfig } from '../domain/control/control-config.ts';
import { formatIssue } from './issue.ts';
import { parseLineConfig } from './parse-line-config.ts';
import {
  CONTROLLED_DEVICES as DEVICES,
  CONTROLLED_PLC as PLC,
  CONTROLLED_SORTER as SORTER,
} from './testing/controlled-example.ts';

function parse(control: string) {
  return parseLineConfig(`${DEVICES}${control}`, 'line.yaml', { dataDir: '/data' });
}

function controlOf(text: string): ControlConfig {
  const parsed = parse(text);
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  if (parsed.config.control === null) throw new Error('nothing is controlled');
  return parsed.config.control;
}

function lineState(control: string): unknown {
  const parsed = parse(control);
  return parsed.kind === 'ok' ? parsed.config.roles.lineState : null;
}

/** What is wrong, without the place in the file. */
function faults(text: string): readonly string[] {
  const parsed = parse(text);
  if (parsed.kind === 'ok') return [];
  return parsed.issues.map(({ path, message }) => `${path}: ${message}`);
}

/** What is warned of when a scale that shows its masses is asked by these keys. */
function scaleWarnings(interval: string, keys: string): readonly string[] {
  const roles = DEVICES.replace('gross: weight,', `gross: weight, tare: weight, ${interval}`);
  const text = `${roles}  scales: [{ scale: scale, ${keys} }]\n`;
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  return parsed.warnings.map(({ path, message }) => `${path}: ${message}`);
}

const plc = (tag: string) => ({ device: 'plc', tag });

describe('a line that is controlled', () => {
  it('is read with its defaults filled in', () => {
    expect(controlOf(PLC)).toStrictEqual({
      plc: {
        device: 'plc',
        channel: { kind: 'methods', methods: { start: 'start', stop: 'stop' } },
        mode: null,
        remote: null,
        localEnable: null,
        enableWithinMs: 10_000,
        warning: null,
        life: null,
        stationWithinMs: 10_000,
      },
      interlocks: [],
      setpoints: [],
      sorter: null,
      bins: [],
      presses: [],
      scales: [],
    });
  });

  it('is read with all that can be said of its PLC', () => {
    const control = controlOf(`  device: plc
  handshake:
    { code: code, request: request, acknowledge: ack, done: ready, pulse: 500ms, codes: { start: 2, stop: 3, clear: 9 } }
  states: { 4: idle, 6: execute, 100: execute }
  mode: { tag: mode, write: modeAsked, numbers: { production: 1, school: 7 } }
  remote: remote
  localEnable: enable
  enableWithin: 8s
  warning: { tag: horn, atLeast: 4s }
  life: { write: life, every: 1s, reaction: La ligne est mise en attente. }
  stationWithin: 3s
`);
    expect(control.plc).toStrictEqual({
      device: 'plc',
      channel: {
        kind: 'handshake',
        codes: { start: 2, stop: 3, clear: 9 },
        code: plc('code'),
        request: plc('request'),
        acknowledge: plc('ack'),
        done: plc('ready'),
        refused: null,
        pulseMs: 500,
      },
      mode: {
        tag: plc('mode'),
        ask: { kind: 'tag', tag: plc('modeAsked') },
        numbers: { production: 1, school: 7 },
      },
      remote: plc('remote'),
      localEnable: plc('enable'),
      enableWithinMs: 8000,
      warning: { tag: plc('horn'), atLeastMs: 4000 },
      life: { write: plc('life'), everyMs: 1000, reaction: 'La ligne est mise en attente.' },
      stationWithinMs: 3000,
    });
  });

  it('says what the numbers of its state mean, to whoever reads that', () => {
    expect(lineState(PLC)).toStrictEqual({ ...plc('state'), states: null });
    expect(lineState(`${PLC}  states: { 2: idle, 10: execute, 100: execute }\n`)).toStrictEqual({
      ...plc('state'),
      states: new Map([
        [2, 'idle'],
        [10, 'execute'],
        [100, 'execute'],
      ]),
    });
  });

  it('is read with what it takes and what forbids it', () => {
    const control = controlOf(`${PLC}${SORTER}  interlocks:
    - { id: doors, when: { tag: doors, value: false }, forbids: [line.start], words: Porte ouverte. }
    - { id: heavy, when: { device: io, tag: weight, is: ">=", value: 12.5 }, forbids: [scale.zero], words: Chargée. }
  setpoints:
    - { id: belt, label: Tapis, tag: speed, max: 1, step: 0.05 }
    - { id: level, label: Niveau, tag: { device: io, tag: level }, min: 0, max: 10, step: 1, unit: mm }
  bins:
    - { outlet: reuse, full: { tag: full, value: true }, reaction: { divert: rags } }
    - { outlet: rags, warn: 70, full: { tag: full, value: true }, reaction: hold }
  presses: [{ id: press, device: io, bales: bales, outlet: outlet, outlets: { 1: reuse } }]
  scales: [{ scale: scale, tare: tare }]
`);
    expect(control.interlocks.map(({ when }) => when)).toStrictEqual([
      { tag: plc('doors'), is: '=', value: false },
      { tag: { device: 'io', tag: 'weight' }, is: '>=', value: 12.5 },
    ]);
    expect(control.setpoints).toMatchObject([
      { tag: plc('speed'), unit: 'm/s', min: 0.1, max: 1, step: 0.05 },
      { tag: { device: 'io', tag: 'level' }, unit: 'mm', min: 0, max: 10 },
    ]);
    expect(control.sorter).toMatchObject({
      device: 'plc',
      outlets: { reuse: 1, rags: 2 },
      table: [plc('routeA'), plc('routeB')],
      diverters: { reuse: plc('divert') },
      programmes: [{ id: 'p1', version: 3, routes: { cotton: 'rags', wool: 'reuse' } }],
    });
    expect(control.bins).toMatchObject([
      { outlet: 'reuse', warnPercent: 80, reaction: { kind: 'divert', to: 'rags' } },
      { outlet: 'rags', warnPercent: 70, reaction: { kind: 'hold' } },
    ]);
    expect(control.presses[0]?.outlets).toStrictEqual(new Map([[1, 'reuse']]));
    expect(control.scales).toStrictEqual([
      { scale: 'scale', tare: { device: 'io', tag: 'tare' }, zero: null },
    ]);
  });

  it('may have no PLC: then people start and stop it', () => {
    const control = controlOf('  presses: [{ id: press, device: io, bales: bales }]\n');
    expect([control.plc, control.presses.length]).toEqual([null, 1]);
  });

  it('is warned of when nothing could ever be started', () => {
    const parsed = parse(PLC);
    if (parsed.kind === 'invalid') throw new Error('it is right');
    expect(parsed.warnings.map(({ message }) => message)).toEqual([
      'without localEnable a start and an unhold are always refused',
    ]);
  });

  it('is warned of when nobody could tell a zero from nearly zero', () => {
    const told =
      'control.scales[0]: scale states no interval: a tare or zero is done only when it is shown to the gram';
    expect(scaleWarnings('', 'zero: tare')).toEqual([told]);
    expect(scaleWarnings('', 'tare: tare')).toEqual([told]);
    expect(scaleWarnings('interval: 50g,', 'tare: tare, zero: tare')).toEqual([]);
  });
});

const interlock = (over: string) =>
  `${PLC}  interlocks: [{ id: a, when: { tag: doors, value: false }, ${over} }]\n`;

describe('a mistake in what controls a line', () => {
  it.each<readonly [name: string, text: string, ...messages: string[]]>([
    ['an unknown key', `${PLC}  interlock: []\n`, 'control.interlock: unknown key, did you mean interlocks?'],
    ['an unknown device', '  device: plk\n', 'control.device: unknown device "plk", did you mean plc?'],
    ['no device', '  methods: { start: start, stop: stop }\n', 'control.device: required key is missing'],
    [
      'two channels',
      `${PLC}  handshake: { code: code }\n`,
      'control.handshake: a PLC is asked by methods or by a handshake, not by both: leave one out',
    ],
    [
      'no channel',
      '  device: plc\n  remote: remote\n',
      'control: a PLC is asked by methods or by a handshake: write one, or leave out what concerns the PLC',
    ],
    [
      'methods over Modbus',
      '  device: io\n  methods: { start: a, stop: b }\n',
      'control.methods: io is no OPC UA device, so it has no methods: write a handshake',
    ],
    [
      'an unknown method',
      '  device: plc\n  methods: { start: strat, stop: stop }\n',
      'control.methods.start: unknown method of plc "strat", did you mean start?',
    ],
    [
      'no way to stop',
      '  device: plc\n  methods: { start: start }\n',
      'control.methods.stop: required key is missing',
    ],
    [
      'one code for two commands',
      '  device: plc\n  handshake: { code: code, request: request, acknowledge: ack, done: ready, codes: { start: 1, stop: 1 } }\n',
      'control.handshake.codes.stop: duplicate code "1", first used at 52:93',
    ],
    [
      'a request that cannot be written',
      '  device: plc\n  handshake: { code: code, request: horn, acknowledge: ack, done: ready, codes: { start: 1, stop: 2 } }\n',
      'control.handshake.request: plc/horn is only read: give the tag writable: true',
    ],
    [
      'a bit that is a number',
      '  device: plc\n  handshake: { code: code, request: request, acknowledge: mode, done: ready, codes: { start: 1, stop: 2 } }\n',
      'control.handshake.acknowledge: plc/mode is a int32, expected a bool',
    ],
    [
      'a pulse longer than a command waits',
      '  device: plc\n  handshake: { code: code, request: request, acknowledge: ack, done: ready, pulse: 6s, codes: { start: 1, stop: 2 } }\n',
      'control.handshake.pulse: expected a duration from 100ms to 5s, got "6s"',
    ],
    ['a state that is none', `${PLC}  states: { 4: idel }\n`, 'control.states.4: expected one of '],
    [
      'a number that is none',
      `${PLC}  states: { x: idle }\n`,
      'control.states.x: expected a whole number from 0 to 65535 as key',
    ],
    [
      'two ways to ask for a mode',
      `${PLC}  mode: { tag: mode, write: modeAsked, method: setMode }\n`,
      'control.mode.method: a mode is asked for by a tag or by a method, not by both: leave one out',
    ],
    [
      'a local enable that counts too long',
      `${PLC}  enableWithin: 11s\n`,
      'control.enableWithin: expected a duration from 1s to 10s, got "11s"',
    ],
    [
      'a warning that is too short',
      `${PLC}  warning: { tag: horn, atLeast: 2s }\n`,
      'control.warning.atLeast: expected a duration from 3s to 60s, got "2s"',
    ],
    [
      'a life counter whose reaction nobody stated',
      `${PLC}  life: { write: life }\n`,
      'control.life.reaction: required key is missing',
    ],
    [
      'an interlock twice',
      `${PLC}  interlocks:\n${'    - { id: a, when: { tag: doors, value: false }, forbids: [line.start], words: w }\n'.repeat(2)}`,
      'control.interlocks[1].id: duplicate interlock "a", first used at 54:13',
    ],
    [
      'an unknown command',
      interlock('forbids: [line.strat], words: w'),
      'control.interlocks[0].forbids[0]: expected one of ',
    ],
    [
      'a stop that is forbidden',
      interlock('forbids: [line.stop], words: w'),
      'control.interlocks[0].forbids[0]: line.stop is never forbidden: stopping is always allowed',
    ],
    [
      'an interlock that forbids nothing',
      interlock('forbids: [], words: w'),
      'control.interlocks[0].forbids: expected at least one command: an interlock forbids something',
    ],
    [
      'half a character',
      interlock('forbids: [line.start], words: "\\ud83d"'),
      'control.interlocks[0].words: expected whole characters, got half of one (a lone surrogate)',
    ],
    [
      'an unknown tag',
      `${PLC}  interlocks: [{ id: a, when: { tag: dors, value: false }, forbids: [line.start], words: w }]\n`,
      'control.interlocks[0].when.tag: unknown tag of plc "dors", did you mean doors?',
    ],
    [
      'a comparison with another kind',
      `${PLC}  interlocks: [{ id: a, when: { tag: doors, value: 1 }, forbids: [line.start], words: w }]\n`,
      'control.interlocks[0].when.tag: plc/doors is a bool, expected a number',
    ],
    [
      'an order among texts',
      `${PLC}  interlocks: [{ id: a, when: { tag: programme, is: "<", value: b }, forbids: [line.start], words: w }]\n`,
      'control.interlocks[0].when.value: < compares numbers, got "b"',
    ],
    [
      'a tag that is only written',
      `${PLC}  interlocks: [{ id: a, when: { device: io, tag: number, value: 1 }, forbids: [line.start], words: w }]\n`,
      'control.interlocks[0].when.tag: io/number is only written: expected a tag that is read',
    ],
    [
      'a set-point that cannot be written',
      `${PLC}  setpoints: [{ id: a, label: A, tag: mode, min: 0, max: 1, step: 1 }]\n`,
      'control.setpoints[0].tag: plc/mode is only read: give the tag writable: true',
    ],
    [
      'a set-point past what its tag takes',
      `${PLC}  setpoints: [{ id: a, label: A, tag: speed, min: 0.1, max: 2, step: 0.1 }]\n`,
      'control.setpoints[0].max: the tag takes 0.1 to 1.2, so max cannot be 2',
    ],
    [
      'a set-point upside down',
      `${PLC}  setpoints: [{ id: a, label: A, tag: { device: io, tag: level }, min: 3, max: 2, step: 1 }]\n`,
      'control.setpoints[0].min: min is below max, but 3 is not below 2',
    ],
    [
      'a class that a programme leaves out',
      `${PLC}${SORTER.replace('wool: reuse', '')}`,
      'control.sorter.programmes[0].routes.wool: required key is missing',
    ],
    [
      'an outlet that the sorter does not have',
      `${PLC}${SORTER.replace('cotton: rags', 'cotton: rgas')}`,
      'control.sorter.programmes[0].routes.cotton: unknown outlet of the sorter "rgas", did you mean rags?',
    ],
    [
      'an outlet that the line does not have',
      `${PLC}${SORTER.replace('{ reuse: 1, rags: 2 }', '{ reuse: 1, rugs: 2 }')}`,
      'control.sorter.outlets.rugs: unknown outlet "rugs", did you mean rags?',
    ],
    [
      'too short a table',
      `${PLC}${SORTER.replace('[routeA, routeB]', '[routeA]')}`,
      'control.sorter.table: expected one tag for each of the 2 classes, or one string for all, got 1',
    ],
    [
      'a bin that is led to itself',
      `${PLC}${SORTER}  bins: [{ outlet: reuse, full: { tag: full, value: true }, reaction: { divert: reuse } }]\n`,
      'control.bins[0].reaction.divert: a full bin cannot be led to itself',
    ],
    [
      'a bin without a diverter',
      `${PLC}${SORTER}  bins: [{ outlet: rags, full: { tag: full, value: true }, reaction: { divert: reuse } }]\n`,
      'control.bins[0].reaction.divert: rags cannot be led elsewhere: sorter.diverters has no rags',
    ],
    [
      'a hold that nobody could carry out',
      '  device: plc\n  bins: [{ outlet: rags, full: { tag: full, value: true }, reaction: hold }]\n',
      'control.bins[0].reaction: nothing can be held without methods or a handshake',
    ],
    [
      'a press whose numbers mean nothing',
      '  presses: [{ id: press, device: io, bales: bales, outlet: outlet }]\n',
      'control.presses[0].outlets: required key is missing',
    ],
    [
      'a scale that the line does not have',
      '  scales: [{ scale: scales, tare: tare }]\n',
      'control.scales[0].scale: unknown scale "scales", did you mean scale?',
    ],
    [
      'a scale that can be asked for nothing',
      '  scales: [{ scale: scale }]\n',
      'control.scales[0]: expected tare or zero, or both: this scale can be asked for nothing',
    ],
  ])('%s', (_name, text, ...messages) => {
    const found = faults(text);
    expect(found).toHaveLength(messages.length);
    for (const [index, message] of messages.entries()) expect(found[index]).toContain(message);
  });

  it('needs to know the state of the line', () => {
    const text = `${DEVICES}${PLC}`.replace('  line: { device: plc, packML: state }\n', '');
    const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
    expect(parsed.kind === 'ok' ? [] : parsed.issues.map(formatIssue)).toEqual([
      'line.yaml:50:3 control: nothing is commanded without knowing the state: write roles.line with its tag packML',
    ]);
  });

  it('is told with its line and column', () => {
    const parsed = parse('  device: plc\n  methods: { start: strat, stop: stop }\n');
    expect(parsed.kind === 'ok' ? [] : parsed.issues.map(formatIssue)).toEqual([
      'line.yaml:52:21 control.methods.start: unknown method of plc "strat", did you mean start?',
    ]);
  });
});
