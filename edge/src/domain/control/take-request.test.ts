import { describe, expect, it } from 'vitest';
import { codes, pictureOf } from './test-control-looks.ts';
import { testConfig } from './test-control-config.ts';
import { ANNA, BEN, TestLine } from './test-control.ts';

describe('requests', () => {
  it('sent twice are done once and answered the same', () => {
    const line = new TestLine();
    line.ready();
    const id = line.ask('setpoint.write', { setpoint: 'speed', value: 0.8 });
    line.ask('setpoint.write', { setpoint: 'speed', value: 0.8 }, { id });
    expect(line.answers(id).map(({ code }) => code)).toEqual(['accepted', 'done', 'done']);
    expect(line.written()).toEqual(['speed=0.8']);
  });

  it('sent again while they are under way are told so, and nothing is done twice', () => {
    const line = new TestLine();
    line.ready();
    const start = line.ask('line.start');
    const asking = line.ask('control.take', {}, { actor: BEN });
    line.ask('line.start', {}, { id: start });
    line.ask('control.take', {}, { actor: BEN, id: asking });
    expect(line.answers(start).map(({ code }) => code)).toEqual(['accepted', 'accepted']);
    expect(line.answers(asking).map(({ code }) => code)).toEqual(['accepted', 'accepted']);
    expect(line.written()).toEqual(['Start()']);
    line.ask('control.answer', { grant: true, to: BEN });
    expect(line.final(asking)?.code).toBe('done');
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
