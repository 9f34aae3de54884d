import type { CommandReason } from '@trame/protocol/control/control-events';
import { decodeControlPicture } from '@trame/protocol/control/control-picture';
import { describe, expect, it } from 'vitest';
import { controlPicture } from './picture.ts';
import { STATE } from './test-plc.ts';
import { ANNA, BEN, testConfig, TestLine } from './test-control.ts';

const CHANNELS = ['methods', 'handshake'] as const;

function codes(line: TestLine, id: string): readonly string[] {
  return (line.final(id)?.reasons ?? []).map(({ code }) => code);
}

function pictureOf(line: TestLine) {
  const picture = controlPicture(line.setup, line.state, { boot: '0123456789abcdef', n: 1 }, line.at);
  const bytes = new TextEncoder().encode(JSON.stringify(picture));
  expect(decodeControlPicture(bytes)).toEqual(picture);
  return picture;
}

/** What the sorter follows, as it says. */
function tableOf(line: TestLine): readonly unknown[] {
  return ['route1', 'route2', 'route3', 'version', 'programme'].map((tag) => line.tags.get(`plc/${tag}`));
}

function runningLine(): TestLine {
  const line = new TestLine();
  line.standIn(STATE.execute);
  line.pass(200);
  return line;
}

describe.each(CHANNELS)('a line asked by %s', (channel) => {
  it('starts: recorded first, then asked, then watched until every station is there', () => {
    const line = new TestLine(testConfig(channel));
    line.ready();
    const id = line.ask('line.start');
    const kinds = line.effects.map((effect) => (effect.kind === 'record' ? effect.record.type : effect.kind));
    expect(kinds.indexOf('command.requested')).toBeLessThan(kinds.findLastIndex((kind) => kind === 'answer'));
    expect(line.answers(id).map(({ code }) => code)).toEqual(['accepted']);
    line.pass(1_000);
    expect(pictureOf(line).busy).toMatchObject({ request: id, phase: 'warning' });
    line.pass(8_000);
    expect(line.answers(id).map(({ code }) => code)).toEqual(['accepted', 'done']);
    expect(line.plc.state).toBe(STATE.execute);
    expect(line.records('command.ended').map(({ payload }) => payload['outcome'])).toEqual(['done']);
    expect(line.plc.bits.request).toBe(false);
    expect(pictureOf(line)).toMatchObject({ busy: null, last: { request: id, outcome: 'done' } });
  });

  it('stops, clears, resets, holds and goes on', () => {
    const line = new TestLine(testConfig(channel));
    line.ready();
    const outcomes: (string | undefined)[] = [];
    const follow = (command: Parameters<TestLine['ask']>[0]) => {
      line.pressEnable();
      const id = line.ask(command);
      line.pass(10_000);
      outcomes.push(line.final(id)?.code);
    };
    follow('line.start');
    follow('line.hold');
    follow('line.unhold');
    follow('line.stop');
    follow('line.reset');
    line.plc.pressEmergencyStop();
    line.pass(1_000);
    line.plc.emergencyStop = false;
    line.pass(1_000);
    follow('line.reset');
    expect(outcomes).toEqual(['done', 'done', 'done', 'done', 'done', 'done']);
    expect(line.plc.took).toEqual(['start', 'hold', 'unhold', 'stop', 'reset', 'clear']);
  });

  it('says which station does not come within its bound', () => {
    const line = new TestLine(testConfig(channel));
    line.ready();
    line.plc.stuck = 'belt';
    const id = line.ask('line.start');
    line.pass(20_000);
    expect(line.final(id)).toMatchObject({ code: 'failed' });
    expect(line.records('command.ended').at(-1)?.payload).toMatchObject({ outcome: 'failed', late: 'belt' });
    expect(
      pictureOf(line)
        .stations.filter(({ late }) => late)
        .map(({ id: name }) => name),
    ).toEqual(['belt']);
    expect(line.plc.bits.request).toBe(false);
  });

  it('ends as failed when the PLC takes the command and does nothing', () => {
    const line = new TestLine(testConfig(channel));
    line.ready();
    line.plc.ignores = true;
    const id = line.ask('line.start');
    line.pass(15_000);
    expect(line.final(id)).toMatchObject({ code: 'failed' });
    expect(line.final(id)?.detail).toContain('n’a rien fait');
    expect(line.plc.bits.request).toBe(false);
  });

  it('ends as failed when the PLC begins anew in mid-sequence', () => {
    const line = new TestLine(testConfig(channel));
    line.ready();
    const id = line.ask('line.start');
    line.pass(4_000);
    line.plc.reboot();
    line.pass(300);
    expect(line.final(id)).toMatchObject({ code: 'failed' });
    expect(line.final(id)?.detail).toContain('redémarré');
  });

  it('ends as failed when the PLC goes away in mid-sequence', () => {
    const line = new TestLine(testConfig(channel));
    line.ready();
    const id = line.ask('line.start');
    line.pass(4_000);
    line.offline.add('plc');
    line.pass(300);
    expect(line.final(id)?.detail).toContain('ne répond plus (câble débranché)');
  });

  it('gives up when the emergency stop opens, and writes nothing but the request bit back', () => {
    const line = new TestLine(testConfig(channel));
    line.ready();
    const id = line.ask('line.start');
    line.pass(4_000);
    const before = line.written().length;
    line.plc.pressEmergencyStop();
    line.pass(5_000);
    expect(line.final(id)).toMatchObject({ code: 'failed', reasons: [{ code: 'emergency-stop' }] });
    expect(
      line
        .written()
        .slice(before)
        .filter((write) => write !== 'request=false'),
    ).toEqual([]);
  });

  it('a stop ends a start that is under way', () => {
    const line = new TestLine(testConfig(channel));
    line.ready();
    const start = line.ask('line.start');
    line.pass(2_000);
    const stop = line.ask('line.stop', {}, { actor: BEN });
    line.pass(10_000);
    expect(line.final(start)).toMatchObject({ code: 'failed', detail: 'Arrêt demandé.' });
    expect(line.final(stop)).toMatchObject({ code: 'done' });
    expect(line.plc.state).toBe(STATE.stopped);
  });

  it('stops in local, with nobody in control, a door open and a disk that refuses', () => {
    const line = new TestLine(testConfig(channel));
    line.pass(100);
    line.plc.state = STATE.execute;
    line.tags.set('plc/remote', false);
    line.tags.set('plc/doors', null);
    line.ledger = false;
    line.pass(100);
    const id = line.ask('line.stop', {}, { actor: BEN });
    line.pass(10_000);
    expect(line.final(id)).toMatchObject({ code: 'done' });
    expect(line.plc.state).toBe(STATE.stopped);
  });
});

describe('a start', () => {
  it('whose warning is not seen for long enough is not called done', () => {
    const line = new TestLine();
    line.ready();
    line.plc.hornMs = 1_500;
    const id = line.ask('line.start');
    line.pass(10_000);
    expect(line.final(id)?.code).toBe('failed');
    expect(line.final(id)?.detail).toMatch(/1,[45] s \(3,0 s demandées\)/u);
    expect(line.records('command.ended').at(-1)?.payload).toMatchObject({ late: 'warning' });
  });

  it('whose state does not come although every station has ends', () => {
    const line = new TestLine();
    line.ready();
    line.plc.hangs = true;
    const id = line.ask('line.start');
    line.pass(25_000);
    expect(line.final(id)?.detail).toContain('L’état attendu n’a pas été atteint');
  });

  it.each([
    [
      'the switch is turned to local',
      (line: TestLine): void => void line.tags.set('plc/remote', false),
      'not-remote',
    ],
    ['the line is given back', (line: TestLine): void => void line.ask('control.release'), 'not-in-control'],
  ] as const)('is refused when %s while it is being recorded', (_, happens, code) => {
    const line = new TestLine();
    line.ready();
    line.ledger = null;
    const id = line.ask('line.start');
    happens(line);
    line.pass(100);
    line.answerRecords(true);
    expect(codes(line, id)).toEqual([code]);
    expect(line.written()).toEqual([]);
  });
});

describe('a stop', () => {
  it('is not begun anew by a second one, nor made less by a hold', () => {
    const line = runningLine();
    const first = line.ask('line.stop');
    expect(codes(line, line.ask('line.stop', {}, { actor: BEN }))).toEqual(['busy']);
    expect(codes(line, line.ask('line.hold', {}, { actor: BEN }))).toEqual(['busy']);
    line.pass(5_000);
    expect(line.final(first)?.code).toBe('done');
  });

  it('says what the sorter follows when it ends the loading of a programme', () => {
    const line = runningLine();
    line.ask('control.take');
    line.isDeferred = true;
    const download = line.ask('programme.download', { programme: 'nuit' });
    line.deliver();
    line.ask('line.stop');
    expect(line.final(download)?.detail).toContain('entre deux programmes');
  });
});

describe('a handshake', () => {
  it('lets the request fall before it rises again, though bits are read late', () => {
    const line = new TestLine(testConfig('handshake'));
    line.ready();
    const start = line.ask('line.start');
    const stop = line.ask('line.stop');
    expect(line.final(start)?.detail).toBe('Arrêt demandé.');
    expect(line.written()).toEqual(['code=2', 'request=true', 'request=false', 'request=false']);
    line.pass(300);
    expect(line.plc.bits.request).toBe(false);
    line.pass(10_000);
    expect(line.final(stop)?.code).toBe('done');
    expect(line.plc.took).toEqual(['stop']);
  });

  it('takes back a request bit that somebody else has set', () => {
    const line = new TestLine(testConfig('handshake'));
    line.pass(10_000);
    line.plc.mute = true;
    line.plc.bits.request = true;
    line.pass(6_000);
    expect(line.plc.bits.request).toBe(false);
  });

  it('that is not acknowledged ends as failed, and its request is taken back', () => {
    const line = new TestLine(testConfig('handshake'));
    line.ready();
    line.plc.mute = true;
    const id = line.ask('line.start');
    line.pass(3_000);
    expect(line.final(id)?.detail).toContain('accusé réception');
    expect(line.plc.bits.request).toBe(false);
  });

  it('waits for bits of before, and tells when they stand', () => {
    const line = new TestLine(testConfig('handshake'));
    line.ready();
    line.plc.keepsBits = true;
    line.plc.bits.acknowledge = true;
    line.pass(100);
    const id = line.ask('line.start');
    line.pass(3_000);
    expect(line.final(id)?.detail).toContain('accusé de réception');
    expect(line.written()).not.toContain('request=true');
    line.plc.state = STATE.execute;
    line.pass(100);
    const stop = line.ask('line.stop');
    line.pass(10_000);
    expect(line.final(stop)).toMatchObject({ code: 'done' });
  });

  it('takes back a request bit that stands after a restart', () => {
    const line = new TestLine(testConfig('handshake'));
    line.plc.mute = true;
    line.plc.bits.request = true;
    line.pass(1_000);
    expect(line.plc.bits.request).toBe(false);
  });

  it('takes the request back again until it is confirmed', () => {
    const line = new TestLine(testConfig('handshake'));
    line.ready();
    line.plc.mute = true;
    line.fate = (asked) => (asked.kind === 'write' && asked.value === false ? 'lies' : 'done');
    line.ask('line.start');
    line.pass(3_000);
    expect(line.plc.bits.request).toBe(true);
    line.fate = () => 'done';
    line.pass(6_000);
    expect(line.plc.bits.request).toBe(false);
  });
});

describe('refusals', () => {
  it.each([
    ['no local enable', (line: TestLine) => line.pass(11_000), 'line.start', ['no-local-enable']],
    [
      'the switch on local',
      (line: TestLine) => line.tags.set('plc/remote', false),
      'line.start',
      ['not-remote'],
    ],
    [
      'an unknown switch',
      (line: TestLine) => line.tags.set('plc/remote', null),
      'line.start',
      ['not-remote'],
    ],
    ['an open door', (line: TestLine) => line.tags.set('plc/doors', false), 'line.start', ['interlock']],
    [
      'a door nobody knows of',
      (line: TestLine) => line.tags.set('plc/doors', null),
      'line.start',
      ['interlock'],
    ],
    ['a wrong state', (line: TestLine) => line.standIn(STATE.execute), 'line.start', ['wrong-state']],
    ['maintenance', (line: TestLine) => line.tags.set('plc/mode', 2), 'line.start', ['wrong-mode']],
    [
      'an emergency stop',
      (line: TestLine) => line.plc.pressEmergencyStop(),
      'line.start',
      ['wrong-state', 'emergency-stop'],
    ],
  ] as const)('refuses a start with %s and writes nothing', (_, spoil, command, expected) => {
    const line = new TestLine();
    line.ready();
    spoil(line);
    line.pass(200);
    const id = line.ask(command);
    line.pass(1_000);
    expect(codes(line, id)).toEqual(expected);
    expect(line.written()).toEqual([]);
    const shown = pictureOf(line).refusals as Readonly<Record<string, readonly CommandReason[]>>;
    expect(shown['line.start']?.map(({ code }) => code)).toEqual(expected);
  });

  it('has no reason left when all is well', () => {
    const line = new TestLine();
    line.ready();
    expect(pictureOf(line).refusals).toMatchObject({ 'line.start': [], 'line.mode': [] });
    expect(pictureOf(line).enableLeftMs).toBeGreaterThan(9_000);
  });

  it.each([
    ['setpoint.write', { setpoint: 'speed', value: 1.3 }, 'out-of-range'],
    ['setpoint.write', { setpoint: 'speed', value: Number.NaN }, 'out-of-range'],
    ['setpoint.write', { setpoint: 'constructor', value: 1 }, 'unknown-setpoint'],
    ['programme.download', { programme: 'toString' }, 'unknown-programme'],
    ['diverter.set', { outlet: 'constructor', to: 'reste' }, 'unknown-outlet'],
    ['diverter.set', { outlet: 'creme', to: 'toString' }, 'unknown-outlet'],
    ['diverter.set', { outlet: 'creme', to: 'creme' }, 'unknown-outlet'],
    ['scale.tare', { scale: 'other' }, 'unknown-scale'],
    ['line.mode', { mode: 'manual' }, 'wrong-mode'],
  ] as const)('%s %j is refused: %s', (command, args, code) => {
    const line = new TestLine();
    line.ready();
    expect(codes(line, line.ask(command, args))).toContain(code);
    expect(line.written()).toEqual([]);
  });

  it('an interlock that comes while the request is being recorded still forbids it', () => {
    const line = new TestLine();
    line.ready();
    line.ledger = null;
    const id = line.ask('line.start');
    line.tags.set('plc/doors', false);
    line.pass(100);
    const [step] = line.effects.flatMap((effect) =>
      effect.kind === 'record' && effect.step !== null ? [effect.step] : [],
    );
    line.feed({ kind: 'recorded', at: line.at, step: step ?? 0, stored: true });
    expect(codes(line, id)).toEqual(['interlock']);
    expect(line.written()).toEqual([]);
  });

  it('nothing is known of a line that nobody has looked at for long', () => {
    const line = new TestLine();
    line.ready();
    const at = { ...line.at, monotonicMs: line.at.monotonicMs + 3_500 };
    line.feed({
      kind: 'request',
      at,
      id: 'f'.repeat(32),
      command: 'line.start',
      args: {},
      actor: ANNA,
      isRecorded: false,
    });
    expect(codes(line, 'f'.repeat(32))).toContain('device-offline');
  });
});

describe('requests', () => {
  it('sent twice are done once and answered the same', () => {
    const line = new TestLine();
    line.ready();
    const id = line.ask('setpoint.write', { setpoint: 'speed', value: 0.8 });
    line.ask('setpoint.write', { setpoint: 'speed', value: 0.8 }, { id });
    expect(line.answers(id).map(({ code }) => code)).toEqual(['accepted', 'done', 'done']);
    expect(line.written()).toEqual(['speed=0.8']);
  });

  it('known to the ledger are not done again after a restart', () => {
    const line = new TestLine();
    line.ready();
    line.feed({
      kind: 'request',
      at: line.at,
      id: 'e'.repeat(32),
      command: 'line.start',
      args: {},
      actor: ANNA,
      isRecorded: true,
    });
    expect(line.final('e'.repeat(32))?.code).toBe('already-done');
    expect(line.written()).toEqual([]);
  });

  it('are not carried out when the disk refuses them, and may come again', () => {
    const line = new TestLine();
    line.ready();
    line.ledger = false;
    const id = line.ask('line.start');
    expect(line.final(id)?.code).toBe('not-stored');
    expect(line.written()).toEqual([]);
    line.ledger = true;
    line.ask('line.start', {}, { id });
    expect(line.answers(id).at(-1)?.code).toBe('accepted');
  });

  it('end when the ledger never answers', () => {
    const line = new TestLine();
    line.ready();
    line.ledger = null;
    const id = line.ask('line.start');
    line.pass(6_000);
    expect(line.final(id)?.code).toBe('failed');
    expect(line.state.running).toBeNull();
  });

  it('end when a write is never told', () => {
    const line = new TestLine();
    line.ready();
    line.fate = () => 'lost';
    const id = line.ask('setpoint.write', { setpoint: 'speed', value: 0.8 });
    line.pass(11_000);
    expect(line.final(id)?.code).toBe('unconfirmed');
    expect(line.effects.some(({ kind }) => kind === 'forget')).toBe(true);
  });

  it('of somebody else, or while another is carried out, are refused', () => {
    const line = new TestLine();
    line.ready();
    expect(codes(line, line.ask('line.start', {}, { actor: BEN }))).toEqual(['not-in-control']);
    expect(codes(line, line.ask('line.start', {}, { actor: null }))).toEqual(['not-in-control']);
    line.ask('line.start');
    line.pass(1_000);
    expect(codes(line, line.ask('setpoint.write', { setpoint: 'speed', value: 1 }))).toEqual(['busy']);
  });

  it('that were under way when the edge ended are ended as unknown', () => {
    const line = new TestLine();
    line.ready();
    const id = line.ask('line.start');
    const again = new TestLine(testConfig(), line.marks);
    expect(again.records('command.ended').map(({ payload }) => payload)).toMatchObject([
      { request: id, outcome: 'unknown' },
    ]);
    expect(again.records('control.changed').map(({ payload }) => payload)).toEqual([
      { holder: null, why: 'lapsed' },
    ]);
    const third = new TestLine(testConfig(), again.marks);
    expect(third.effects).toEqual([]);
  });
});

describe('a device that lies', () => {
  it('leaves a set-point unconfirmed', () => {
    const line = new TestLine();
    line.ready();
    line.fate = () => 'lies';
    const id = line.ask('setpoint.write', { setpoint: 'speed', value: 0.8 });
    expect(line.final(id)).toMatchObject({ code: 'unconfirmed', detail: 'relu : 0' });
  });
});

describe('a sort programme', () => {
  it('is written table first, version and id last, read back and recorded', () => {
    const line = new TestLine();
    line.ready();
    line.pass(3_000);
    const id = line.ask('programme.download', { programme: 'nuit' });
    line.pass(4_000);
    expect(line.final(id)?.code).toBe('done');
    expect(line.written()).toEqual(['route1=3', 'route2=3', 'route3=1', 'version=7', 'programme=nuit']);
    expect(line.records('programme.active').map(({ payload }) => payload)).toEqual([
      { programme: 'jour', version: 3, hash: 'a'.repeat(64) },
      { programme: 'nuit', version: 7, hash: 'b'.repeat(64) },
    ]);
  });

  it('that does not come through is taken back, and the words say so', () => {
    const line = new TestLine();
    line.ready();
    line.fate = (asked) => (asked.kind === 'write' && asked.value === 7 ? 'refused' : 'done');
    const id = line.ask('programme.download', { programme: 'nuit' });
    line.pass(4_000);
    expect(line.final(id)).toMatchObject({ code: 'failed' });
    expect(line.final(id)?.detail).toContain('suit de nouveau « jour » version 3');
    expect(tableOf(line)).toEqual([1, 2, 3, 3, 'jour']);
  });

  it('that stays between two says so', () => {
    const line = new TestLine();
    line.ready();
    let writes = 0;
    line.fate = () => ((writes += 1) > 2 ? 'refused' : 'done');
    const id = line.ask('programme.download', { programme: 'nuit' });
    line.pass(4_000);
    expect(line.final(id)?.detail).toContain('entre deux programmes : 2 consignes sur 5');
    expect(line.final(id)?.code).toBe('failed');
  });

  it('is not written on when a door opens in the middle', () => {
    const line = new TestLine();
    line.ready();
    line.fate = (asked) => {
      if (asked.kind === 'write' && asked.target.tag === 'route2') {
        line.tags.set('plc/doors', false);
        line.look();
      }
      return 'done';
    };
    const id = line.ask('programme.download', { programme: 'nuit' });
    line.pass(4_000);
    expect(line.written()).toEqual(['route1=3', 'route2=3']);
    expect(line.final(id)).toMatchObject({ code: 'failed', reasons: [{ code: 'interlock', ref: 'doors' }] });
  });

  it('that a person at the sorter changed is not called ours', () => {
    const line = new TestLine();
    line.tags.set('plc/route1', 2);
    line.pass(3_000);
    expect(line.records('programme.active').map(({ payload }) => payload['hash'])).toEqual([null]);
  });
});

describe('a mode', () => {
  it('is asked for and read back, and recorded whoever changed it', () => {
    const line = new TestLine();
    line.ready();
    const id = line.ask('line.mode', { mode: 'school' });
    line.pass(1_000);
    expect(line.final(id)?.code).toBe('done');
    line.tags.set('plc/mode', 2);
    line.pass(1_000);
    expect(line.records('mode.changed').map(({ payload }) => payload['mode'])).toEqual([
      'production',
      'school',
      'maintenance',
    ]);
  });

  it('of a line of hands is what a person says, and nothing else is commanded', () => {
    const line = new TestLine({ ...testConfig(), plc: null });
    line.pass(100);
    line.ask('control.take');
    const mode = line.ask('line.mode', { mode: 'school' });
    expect(line.final(mode)?.code).toBe('done');
    expect(line.records('mode.changed')).toMatchObject([{ payload: { mode: 'school' }, actorRef: ANNA }]);
    for (const command of ['line.start', 'line.stop', 'line.hold', 'line.unhold', 'line.reset'] as const) {
      expect(codes(line, line.ask(command))).toEqual(['not-commanded']);
    }
    expect(line.final(line.ask('scale.zero', { scale: 'infeed' }))?.code).toBe('done');
    expect(line.written()).toEqual(['zeroNow=true']);
    expect(pictureOf(line)).toMatchObject({ commanded: false, mode: 'school' });
    expect(new TestLine({ ...testConfig(), plc: null }, line.marks).state.handMode).toBe('school');
  });
});

describe('scales', () => {
  it('that move are not tared, and loaded ones not zeroed', () => {
    const line = new TestLine();
    line.ready();
    line.tags.set('scale/stable', false);
    line.pass(100);
    expect(codes(line, line.ask('scale.tare', { scale: 'infeed' }))).toEqual(['scale-not-ready']);
    line.tags.set('scale/stable', true);
    line.tags.set('scale/belowMin', false);
    line.pass(100);
    expect(codes(line, line.ask('scale.zero', { scale: 'infeed' }))).toEqual(['scale-not-ready']);
    expect(line.final(line.ask('scale.tare', { scale: 'infeed' }))?.code).toBe('done');
  });
});

describe('a full bin', () => {
  it('is led elsewhere by Trame itself, once in each filling', () => {
    const line = runningLine();
    line.tags.set('plc/full1', true);
    line.pass(1_000);
    expect(line.written()).toEqual(['divert1=3']);
    expect(
      line.records('command.requested').map(({ payload, actorRef }) => [payload['by'], actorRef]),
    ).toEqual([['bin-full', null]]);
    line.tags.set('plc/divert1', 0);
    line.pass(30_000);
    expect(line.written()).toEqual(['divert1=3']);
    line.tags.set('plc/full1', false);
    line.pass(70_000);
    line.tags.set('plc/full1', true);
    line.pass(1_000);
    expect(line.written()).toEqual(['divert1=3', 'divert1=3']);
  });

  it('that a person has just led elsewhere stays so', () => {
    const line = runningLine();
    line.tags.set('plc/divert1', 2);
    line.pass(200);
    line.tags.set('plc/divert1', 0);
    line.pass(1_000);
    line.tags.set('plc/full1', true);
    line.pass(20_000);
    expect(line.written()).toEqual([]);
  });

  it('holds the line, and only one that moves', () => {
    const line = runningLine();
    line.tags.set('plc/full2', true);
    line.pass(3_000);
    expect(line.plc.state).toBe(STATE.held);
    expect(line.plc.took).toEqual(['hold']);
    const still = new TestLine();
    still.tags.set('plc/full2', true);
    still.pass(30_000);
    expect(still.written()).toEqual([]);
  });

  it('holds the line when it cannot be led elsewhere', () => {
    const line = runningLine();
    line.fate = (asked) => (asked.kind === 'write' ? 'refused' : 'done');
    line.tags.set('plc/full1', true);
    line.pass(12_000);
    expect(line.plc.state).toBe(STATE.held);
  });
});

describe('a press', () => {
  it('tells each bale once, with the outlet that it held', () => {
    const line = new TestLine();
    line.pass(2_000);
    line.tags.set('press/outlet', 2);
    line.pass(200);
    line.tags.set('press/bales', 11);
    line.tags.set('press/outlet', 0);
    line.pass(2_000);
    line.offline.add('press');
    line.pass(1_000);
    line.tags.set('press/bales', 15);
    line.offline.delete('press');
    line.pass(2_000);
    expect(line.records('press.ejected').map(({ payload }) => payload)).toEqual([
      { press: 'presse-1', outlet: 'laine', bales: 11, missed: 0 },
      { press: 'presse-1', outlet: null, bales: 15, missed: 3 },
    ]);
    const again = new TestLine(testConfig(), line.marks);
    again.tags.set('press/bales', 16);
    again.pass(2_000);
    expect(again.records('press.ejected').map(({ payload }) => payload['missed'])).toEqual([0]);
  });

  it('that counts from the beginning again, or says one false number, gives out nothing', () => {
    const line = new TestLine();
    line.pass(2_000);
    line.tags.set('press/bales', 9_999);
    line.pass(300);
    line.tags.set('press/bales', 10);
    line.pass(2_000);
    line.tags.set('press/bales', 0);
    line.pass(2_000);
    expect(line.records('press.ejected')).toEqual([]);
    line.tags.set('press/bales', 1);
    line.pass(1_000);
    expect(line.records('press.ejected')).toHaveLength(1);
  });
});

describe('the life counter', () => {
  it('counts on whatever happens, but not to a PLC that is away', () => {
    const line = new TestLine();
    line.plc.pressEmergencyStop();
    line.pass(2_000);
    const beats = () => line.effects.flatMap((effect) => (effect.kind === 'live' ? [effect.value] : []));
    expect(beats()).toEqual([1, 2, 3, 4]);
    line.offline.add('plc');
    line.pass(5_000);
    expect(beats()).toEqual([1, 2, 3, 4]);
  });
});
