import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlarmConfig } from '../domain/alarms/alarm-config.ts';
import {
  ALARM_PLACES_MARK,
  ALARM_TOLD_MARK,
  alarmStateMark,
  FLOOD_MARK,
  readAlarmState,
} from '../domain/alarms/alarm-mark.ts';
import { CHANGES_A_MINUTE } from '../domain/alarms/alarm-run.ts';
import { PLAIN_ALARM } from '../domain/alarms/plain-alarm.ts';
import type { Condition } from '../domain/condition.ts';
import { lineEvent } from '../domain/line-events.ts';
import { AlarmLine, tagAlarm } from './test-alarm-line.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-alarms-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function hotter(value: number): Condition {
  return { tag: { device: 'scale', tag: 'heat' }, is: '>', value };
}

function toldTest(value: number): object {
  return { device: 'scale', tag: 'heat', is: '>', value };
}

describe('the alarms of a line', () => {
  it('are declared once, again when their definition changes, and withdrawn when they are no longer configured', async () => {
    const line = new AlarmLine(dir, [tagAlarm('jam'), tagAlarm('door')]);
    const told = (): readonly string[] =>
      line.line
        .events()
        .filter(({ type }) => type === 'alarm.declared' || type === 'alarm.withdrawn')
        .map(({ type, payload }) => `${type.slice(6)} ${String(payload?.['alarm'])}`);
    await line.start();
    expect(told()).toEqual(['declared jam', 'declared door']);
    await line.stop();
    await line.start();
    expect(told().length).toBe(2);
    await line.cutOff();
    line.alarms = [tagAlarm('jam', { priority: 1 }), tagAlarm('press')];
    await line.start();
    expect(told().slice(2)).toEqual(['withdrawn door', 'declared jam', 'declared press']);
    await line.stop();
    // Its place in the list was taken by another meanwhile.
    line.alarms = [tagAlarm('jam', { priority: 1 }), tagAlarm('press'), tagAlarm('door')];
    await line.start();
    expect(told().slice(5)).toEqual(['declared door']);
    await line.stop();
    line.alarms = [];
    await line.start();
    expect(told().slice(6)).toEqual(['withdrawn jam', 'withdrawn press', 'withdrawn door']);
    await line.stop();
  });

  it('are declared again when what raises them is changed, and say by what they are raised', async () => {
    const changes: Partial<AlarmConfig>[] = [
      { when: hotter(70) },
      { when: hotter(200) },
      { when: hotter(200), deadband: 5 },
      { when: hotter(200), deadband: 5, onDelayMs: 2_000 },
      { when: hotter(200), deadband: 5, onDelayMs: 2_000, offDelayMs: 3_000 },
      { when: hotter(200), deadband: 5, onDelayMs: 2_000, offDelayMs: 3_000, unless: [hotter(300)] },
      { source: 'throughput-low', when: null, limit: 500 },
      { source: 'throughput-low', when: null, limit: 400 },
      { source: 'device', when: null, of: 'scale' },
      { source: 'device', when: null, of: 'plc' },
    ];
    const line = new AlarmLine(dir, []);
    const told: [number, unknown][] = [];
    for (const change of changes) {
      line.alarms = [tagAlarm('jam', change)];
      await line.start();
      const declared = line.line.events().filter(({ type }) => type === 'alarm.declared');
      told.push([declared.length, declared.at(-1)?.payload?.['rule']]);
      await line.stop();
    }
    const { deadband, onDelayMs, offDelayMs } = PLAIN_ALARM;
    const before = { when: null, of: null, limit: null, deadband, onDelayMs, offDelayMs, unless: [] };
    const hot = { ...before, when: toldTest(200), deadband: 5 };
    const slow = { ...hot, onDelayMs: 2_000, offDelayMs: 3_000 };
    expect(told).toEqual([
      [1, { ...before, when: toldTest(70) }],
      [2, { ...before, when: toldTest(200) }],
      [3, hot],
      [4, { ...hot, onDelayMs: 2_000 }],
      [5, slow],
      [6, { ...slow, unless: [toldTest(300)] }],
      [7, { ...before, limit: 500 }],
      [8, { ...before, limit: 400 }],
      [9, { ...before, of: 'scale' }],
      [10, { ...before, of: 'plc' }],
    ]);
  });

  it('whose marks an edge of another version wrote begin at rest, say so, and are watched', async () => {
    const line = new AlarmLine(dir, [tagAlarm('jam'), tagAlarm('door'), tagAlarm('calm')]);
    await line.start();
    await line.say('jam', true);
    const marks = {
      [alarmStateMark('jam')]: JSON.stringify({ name: 'unacknowledged', occurrence: 7, more: true }),
      [alarmStateMark('door')]: 'not JSON',
      [FLOOD_MARK]: '{}',
      [ALARM_TOLD_MARK]: 'many',
      [ALARM_PLACES_MARK]: '-1',
    };
    const began = lineEvent('alarm.flood', line.line.clock.nowMs(), { phase: 'began', alarms: 1 }, marks);
    await line.line.running.ledger.append([began]);
    await line.stop();
    await line.start();
    expect(line.changes('jam').at(-1)).toMatchObject({ from: 'normal', to: 'normal', occurrence: 7 });
    expect(line.changes('door')).toMatchObject([{ from: 'normal', to: 'normal', occurrence: 0 }]);
    expect(line.changes('calm')).toEqual([]);
    await line.say('jam', true);
    expect(line.changes('jam').at(-1)).toMatchObject({ from: 'normal', to: 'unacknowledged', occurrence: 8 });
    expect(await line.ask('alarm.acknowledge', { alarm: 'jam', occurrence: 8, comment: 'vu' })).toMatchObject(
      { kind: 'records' },
    );
    await line.stop();
    await line.start();
    expect(line.changes('jam')).toHaveLength(4);
    await line.stop();
  });

  it('that was withdrawn while it stood begins anew, and its occurrences go on', async () => {
    const line = new AlarmLine(dir, [tagAlarm('jam')]);
    await line.start();
    await line.say('jam', true);
    await line.stop();
    line.alarms = [];
    await line.start();
    await line.stop();
    line.alarms = [tagAlarm('jam')];
    await line.start();
    await line.say('jam', true);
    expect(line.changes('jam').map(({ from, to, occurrence }) => [from, to, occurrence])).toEqual([
      ['normal', 'unacknowledged', 1],
      ['normal', 'unacknowledged', 2],
    ]);
    await line.stop();
  });

  it('come up, are acknowledged by a request, go, and stand as they stood after a power cut', async () => {
    const line = new AlarmLine(dir, [tagAlarm('jam', { latching: true })]);
    await line.start();
    await line.say('jam', true);
    expect(await line.ask('alarm.acknowledge', { alarm: 'jam', occurrence: 1, comment: 'vu' })).toMatchObject(
      { kind: 'records' },
    );
    await line.cutOff();
    await line.start();
    await line.say('jam', false);
    await line.cutOff();
    await line.start();
    expect(await line.ask('alarm.reset', { alarm: 'jam', occurrence: 1 })).toMatchObject({ kind: 'records' });
    expect(line.story('jam')).toEqual([
      'normal → unacknowledged (condition)',
      'unacknowledged → acknowledged (person)',
      'acknowledged → latched-acknowledged (condition)',
      'latched-acknowledged → normal (person)',
    ]);
    expect(line.changes('jam')[1]).toMatchObject({ comment: 'vu', condition: true });
    await line.stop();
  });

  it('says with the event what was measured, and that nobody knows it any more', async () => {
    const line = new AlarmLine(dir, [tagAlarm('jam')]);
    await line.start();
    await line.say('jam', true);
    line.line.running.pipeline.offline('scale', 'gone');
    await line.pass(10_000);
    expect(line.changes('jam').map(({ to, condition, value }) => [to, condition, value])).toEqual([
      ['unacknowledged', true, true],
      ['unacknowledged', null, null],
    ]);
    await line.stop();
  });

  it('tell what their condition does while they are put aside or out of service, and are told to nobody for it', async () => {
    const line = new AlarmLine(dir, [tagAlarm('jam')]);
    await line.start();
    await line.say('jam', false);
    const told = () =>
      line
        .changes('jam')
        .map(({ from, to, because, condition, comment }) => [from, to, because, condition, comment]);
    await line.ask('alarm.shelve', { alarm: 'jam', forMs: 60_000, reason: 'capteur sale' });
    await line.say('jam', true);
    await line.cutOff();
    await line.start();
    await line.say('jam', true);
    await line.say('jam', false);
    line.line.running.pipeline.offline('scale', 'gone');
    await line.pass(10_000);
    expect(told()).toEqual([
      ['normal', 'shelved', 'person', false, 'capteur sale'],
      ['shelved', 'shelved', 'condition', true, null],
      ['shelved', 'shelved', 'condition', false, null],
      ['shelved', 'shelved', 'condition', null, null],
    ]);
    await line.ask('alarm.outOfService', { alarm: 'jam', reason: 'démonté' });
    await line.stop();
    await line.start();
    await line.say('jam', true);
    expect(line.inService).toEqual([]);
    await line.ask('alarm.inService', { alarm: 'jam' });
    expect(line.inService).toEqual(['tag']);
    expect(told().slice(4)).toEqual([
      ['shelved', 'out-of-service', 'person', null, 'démonté'],
      ['out-of-service', 'out-of-service', 'condition', true, null],
      ['out-of-service', 'unacknowledged', 'person', true, null],
    ]);
    expect(line.changes('jam').map(({ occurrence }) => occurrence)).toEqual([0, 0, 0, 0, 0, 0, 1]);
    await line.stop();
  });

  it('that are put aside and chatter do not fill the ledger, and keep what was said of them', async () => {
    const line = new AlarmLine(dir, [tagAlarm('jam')]);
    await line.start();
    const shelve = { alarm: 'jam', forMs: 3_600_000, reason: 'capteur sale' };
    await line.ask('alarm.shelve', shelve);
    for (let times = 0; times < 100; times += 1) await line.say('jam', times % 2 === 0);
    expect(line.changes('jam').length).toBeLessThanOrEqual(CHANGES_A_MINUTE + 2);
    expect(line.changes('jam').at(-1)).toMatchObject({
      to: 'shelved',
      comment: expect.stringContaining('Change trop souvent'),
    });
    const kept = readAlarmState(line.line.running.ledger.mark(alarmStateMark('jam')));
    expect(kept).toMatchObject({ name: 'shelved', comment: 'capteur sale' });
    await line.stop();
  });

  it('refuse what cannot be, in words', async () => {
    const line = new AlarmLine(dir, [tagAlarm('jam')]);
    await line.start();
    const detail = async (command: 'alarm.acknowledge' | 'alarm.report', args: object) => {
      const verdict = await line.ask(command, args);
      return verdict.kind === 'records' ? 'recorded' : `${verdict.kind}: ${verdict.detail}`;
    };
    expect(await detail('alarm.acknowledge', { alarm: 'other', occurrence: 1 })).toBe(
      'refused: cette ligne n’a pas d’alarme « other »',
    );
    expect(await detail('alarm.report', { alarm: 'jam', condition: true, value: null })).toBe(
      'refused: l’alarme « jam » est surveillée sur place : elle ne se signale pas d’ailleurs',
    );
    expect(await detail('alarm.acknowledge', { alarm: 'jam', occurrence: 1 })).toBe(
      'refused: elle n’est jamais apparue',
    );
    await line.stop();
  });

  it('take what the server reports, and keep it over a restart', async () => {
    const line = new AlarmLine(dir, [{ ...PLAIN_ALARM, id: 'residu', label: 'Écart', source: 'reported' }]);
    await line.start();
    await line.ask('alarm.report', { alarm: 'residu', condition: true, value: 41.5 });
    await line.cutOff();
    await line.start();
    await line.pass(10_000);
    await line.ask('alarm.report', { alarm: 'residu', condition: false, value: 2 });
    expect(line.changes('residu').map(({ from, to, value }) => [from, to, value])).toEqual([
      ['normal', 'unacknowledged', 41.5],
      ['unacknowledged', 'returned', 2],
    ]);
    await line.stop();
  });

  it('do not decide while the disk has not what happened before, and lose nothing of it', async () => {
    const line = new AlarmLine(dir, [tagAlarm('jam'), tagAlarm('door')]);
    await line.start();
    await line.say('door', true);
    line.line.freeBytes = 0;
    await line.say('jam', true);
    const asked = { alarm: 'door', occurrence: 1 };
    expect(await line.ask('alarm.acknowledge', asked)).toMatchObject({ kind: 'not-stored' });
    await line.say('jam', false);
    line.line.freeBytes = 10 ** 12;
    await line.pass(3_000);
    expect(line.story('jam')).toEqual([
      'normal → unacknowledged (condition)',
      'unacknowledged → returned (condition)',
    ]);
    expect(await line.ask('alarm.acknowledge', asked)).toMatchObject({ kind: 'records' });
    await line.stop();
  });

  it('are not moved by a request that the disk refuses', async () => {
    const line = new AlarmLine(dir, [tagAlarm('jam')]);
    await line.start();
    await line.say('jam', true);
    line.line.freeBytes = 0;
    const verdict = line.desk.decide('alarm.acknowledge', { alarm: 'jam', occurrence: 1 });
    expect(verdict.kind).toBe('records');
    line.desk.settled(false);
    line.line.freeBytes = 10 ** 12;
    await line.say('jam', false);
    expect(line.story('jam').at(-1)).toBe('unacknowledged → returned (condition)');
    await line.stop();
  });

  it('that came up first says so, by when it was there and not by its delay', async () => {
    const stop = { group: 'stop' };
    const line = new AlarmLine(dir, [tagAlarm('jam', stop), tagAlarm('door', stop), tagAlarm('alone')]);
    await line.start();
    const { pipeline } = line.line.running;
    const now = (name: string): void =>
      pipeline.readings('scale', [
        { tag: name, value: true, quality: { level: 'good' }, sourceTimeMs: null },
      ]);
    now('door');
    now('alone');
    await line.pass(1_000);
    now('jam');
    await line.pass(1_000);
    const first = (id: string) => line.changes(id).map((change) => change.first);
    expect([first('door'), first('jam'), first('alone')]).toEqual([[true], [false], [false]]);
    await line.stop();
  });

  it('tell a flood, and its end', async () => {
    const alarms = Array.from({ length: 11 }, (_, index) => tagAlarm(`a${index}`));
    const line = new AlarmLine(dir, alarms);
    await line.start();
    for (const { id } of alarms) await line.say(id, true);
    await line.cutOff();
    await line.start();
    await line.pass(9 * 60_000);
    const floods = () => line.line.events('alarm.flood').map(({ payload }) => payload);
    expect(floods()).toEqual([{ phase: 'began', alarms: 11 }]);
    await line.pass(2 * 60_000);
    expect(floods()).toEqual([
      { phase: 'began', alarms: 11 },
      { phase: 'ended', alarms: 11 },
    ]);
    await line.stop();
  });

  it('that chatter do not fill the ledger', async () => {
    const line = new AlarmLine(dir, [tagAlarm('jam')]);
    await line.start();
    for (let times = 0; times < 100; times += 1) await line.say('jam', times % 2 === 0);
    expect(line.changes('jam').length).toBeLessThanOrEqual(CHANGES_A_MINUTE + 1);
    expect(line.changes('jam').at(-1)?.comment).toContain('Change trop souvent');
    await line.stop();
  });
});
