import { describe, expect, it } from 'vitest';
import { codes, pictureOf, runningLine } from './test-control-looks.ts';
import { testConfig } from './test-control-config.ts';
import { BEN, TestLine } from './test-control.ts';
import { STATE } from './test-plc.ts';

const CHANNELS = ['methods', 'handshake'] as const;

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

function lateIn(line: TestLine): readonly string[] {
  return pictureOf(line).stations.flatMap(({ id, late }) => (late ? [id] : []));
}

describe('a station that was late', () => {
  it.each([
    ['it runs, started at the panel', (line: TestLine): void => void (line.plc.stations.belt = 3)],
    ['the line runs', (line: TestLine): void => line.standIn(STATE.execute)],
    [
      'somebody resets the line',
      (line: TestLine): void => {
        line.standIn(STATE.resetting);
        line.pass(200);
        line.standIn(STATE.idle);
      },
    ],
  ] as const)('is so no more once %s', (_, happens) => {
    const line = new TestLine();
    line.ready();
    line.plc.stuck = 'belt';
    line.ask('line.start');
    // Its bound is over, and the PLC gives up after.
    line.pass(7_800);
    expect(lateIn(line)).toEqual(['belt']);
    line.standIn(STATE.starting);
    line.pass(200);
    line.standIn(STATE.execute);
    line.pass(200);
    expect(lateIn(line)).toEqual(['belt']);
    line.standIn(STATE.stopped);
    line.pass(60_000);
    expect(lateIn(line)).toEqual(['belt']);
    happens(line);
    line.pass(200);
    expect(lateIn(line)).toEqual([]);
  });

  it('to stand still is so no more once it stands', () => {
    const line = runningLine();
    for (const name of ['opening', 'belt', 'sorter'] as const) line.plc.stations[name] = 3;
    line.plc.stuck = 'belt';
    line.pass(100);
    line.ask('line.stop');
    line.pass(10_000);
    expect(lateIn(line)).toEqual(['belt']);
    line.plc.stations.belt = 1;
    line.pass(200);
    expect(lateIn(line)).toEqual([]);
  });
});

describe('a stop', () => {
  it('is not made less by a hold', () => {
    const line = runningLine();
    const first = line.ask('line.stop');
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

  it('that the PLC does not take is known, with what its driver says, until it takes one again', () => {
    const line = new TestLine();
    line.pass(1_000);
    expect(line.state.life.untaken).toBeNull();
    line.beatOutcome = { kind: 'refused', reason: 'adresse inconnue' };
    line.pass(1_000);
    expect(line.state.life.untaken).toBe('adresse inconnue');
    line.beatOutcome = { kind: 'unconfirmed', readBack: null, reason: 'sans réponse' };
    line.pass(1_000);
    expect(line.state.life.untaken).toBe('sans réponse');
    line.beatOutcome = { kind: 'confirmed', readBack: null };
    line.pass(1_000);
    expect(line.state.life.untaken).toBeNull();
  });

  it('whose beat nobody ever answers for is not taken either', () => {
    const line = new TestLine();
    line.beatOutcome = null;
    line.pass(9_000);
    expect(line.state.life.untaken).toBeNull();
    line.pass(3_000);
    expect(line.state.life.untaken).not.toBeNull();
  });
});
