import { DataType } from 'node-opcua';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hurriedClock, sleep, startTestLine, until, type TestLine } from '../test-simulation.ts';
import { TestSession } from './test-session.ts';

let line: TestLine;
let plc: TestSession;

beforeAll(async () => {
  line = await startTestLine({ only: new Set(['plc']), clock: hurriedClock });
  plc = await TestSession.open(line.simulation.ports['plc']);
});

afterAll(async () => {
  await plc.close();
  await line.stop();
});

const state = async (): Promise<number> => Number(await plc.read('Line.PackMLState'));
const reaches = (number: number): Promise<number> => until(async () => (await state()) === number);
const execute = 6;
/** Execute, or with nothing to sort for the moment. */
const running = [execute, 5, 13, 14];
const [stopped, idle, aborted, held] = [2, 4, 9, 11];

const write = (id: string, value: number): Promise<string> => plc.write(id, DataType.UInt16, value);
const reads = (id: string, value: unknown): Promise<number> =>
  until(async () => (await plc.read(id)) === value, 1_000);

const request = (up: boolean): Promise<string> => plc.write('Command.Request', DataType.Boolean, up);
const bits = async (): Promise<unknown[]> => [
  await plc.read('Command.Acknowledge'),
  await plc.read('Command.Done'),
  await plc.read('Command.Refused'),
];

/** Each test begins with a line that runs, its switch on remote, its crew leaving it alone. */
beforeEach(async () => {
  await line.ask('POST', '/panel', { remote: true, restarts: true });
  if (!running.includes(await state())) await line.ask('POST', '/panel', { reset: true });
  await until(async () => running.includes(await state()));
  await line.ask('POST', '/panel', { restarts: false });
});

describe('methods of PackML', { timeout: 60_000 }, () => {
  it('take a line through stop, reset, start, hold and unhold; a wrong one is refused', async () => {
    expect(await plc.call('Start')).toBe('BadInvalidState');
    expect(await plc.call('Clear')).toBe('BadInvalidState');
    expect(await plc.call('Stop')).toBe('Good');
    await reaches(stopped);
    expect(await plc.call('Start')).toBe('BadInvalidState');
    expect(await plc.call('Reset')).toBe('Good');
    await reaches(idle);
    await until(async () => (await plc.read('Line.LocalEnable')) === true, 6_000);
    expect(await plc.call('Start')).toBe('Good');
    expect(await state()).toBeOneOf([3, idle]);
    await reaches(execute);
    expect(await plc.call('Hold')).toBe('Good');
    await reaches(held);
    await until(async () => (await plc.read('Line.LocalEnable')) === true, 6_000);
    expect(await plc.call('Unhold')).toBe('Good');
    await reaches(execute);
    expect(await plc.read('PackML.StateCurrent')).toBe(execute);
  });

  it('clear after an emergency stop, once it is released', async () => {
    const release = await line.fault({ kind: 'estop' });
    await reaches(aborted);
    expect(await plc.read('Safety.EmergencyStop')).toBe(true);
    expect(await plc.call('Clear')).toBe('BadInvalidState');
    await release();
    await until(async () => (await plc.read('Safety.EmergencyStop')) === false);
    expect(await plc.call('Clear')).toBe('Good');
    await reaches(stopped);
  });

  it('set the unit mode where the standard allows it, and no other', async () => {
    expect(await plc.call('SetUnitMode', 2)).toBe('BadInvalidState');
    expect(await plc.write('Line.UnitModeRequest', DataType.Int32, 4)).toBe('BadInvalidState');
    await plc.call('Stop');
    await reaches(stopped);
    expect(await plc.call('SetUnitMode', 9)).toBe('BadOutOfRange');
    expect(await plc.call('SetUnitMode', 2)).toBe('Good');
    await until(async () => (await plc.read('Line.UnitMode')) === 2);
    expect(await plc.read('PackML.UnitModeCurrent')).toBe(2);
    await plc.call('Reset');
    await reaches(idle);
    expect(await plc.call('Start')).toBe('BadInvalidState');
    expect(await plc.write('Line.UnitModeRequest', DataType.Int32, 1)).toBe('Good');
    await until(async () => (await plc.read('Line.UnitMode')) === 1);
    expect(await plc.read('Line.UnitModeRequest')).toBe(1);
  });
});

describe('the handshake over OPC UA', { timeout: 60_000 }, () => {
  it('is done when the state is reached, and falls with the request', async () => {
    expect(await plc.write('Command.Code', DataType.UInt16, 4)).toBe('Good');
    expect(await request(true)).toBe('Good');
    await until(async () => (await plc.read('Command.Done')) === true);
    expect(await bits()).toEqual([true, true, false]);
    expect(await state()).toBe(held);
    await request(false);
    await until(async () => (await bits()).every((bit) => bit === false), 1_000);
  });

  it('refuses what the state does not allow', async () => {
    await plc.write('Command.Code', DataType.UInt16, 5);
    await request(true);
    await until(async () => (await plc.read('Command.Refused')) === true, 1_000);
    expect(await bits()).toEqual([true, false, true]);
    await request(false);
    await until(async () => (await bits()).every((bit) => bit === false), 1_000);
  });
});

describe('the panel', { timeout: 60_000 }, () => {
  it('on local refuses everything from outside but stop and hold', async () => {
    expect((await line.ask('POST', '/panel', { remote: false }))[1]).toMatchObject({ remote: false });
    await until(async () => (await plc.read('Line.Remote')) === false);
    expect(await plc.call('Hold')).toBe('Good');
    await reaches(held);
    expect(await plc.call('Unhold')).toBe('BadInvalidState');
    expect(await plc.call('Stop')).toBe('Good');
    await reaches(stopped);
    expect(await plc.call('Reset')).toBe('BadInvalidState');
    expect(await plc.call('SetUnitMode', 3)).toBe('BadInvalidState');
  });

  it('gives back to the crew what was stopped from outside, by its reset', async () => {
    await plc.call('Stop');
    await reaches(stopped);
    await line.ask('POST', '/panel', { restarts: true });
    await sleep(1_000);
    expect(await state()).toBe(stopped);
    expect((await line.ask('POST', '/panel', { reset: true }))[0]).toBe(200);
    await reaches(execute);
  });

  it.each([[{ remote: 1 }], [{ press: 'stop' }], [{ colour: 'red' }], [{ reset: false }], [[]], [null]])(
    'knows nothing of %j',
    async (body) => {
      expect((await line.ask('POST', '/panel', body))[0]).toBe(400);
    },
  );

  it('cannot reset a line that runs', async () => {
    expect(await line.ask('POST', '/panel', { reset: true })).toMatchObject([409, { code: 'wrong-state' }]);
  });
});

describe('the sorter and the bins', () => {
  it('take a table, its name and version, and read them back', async () => {
    expect(await plc.read('Sorter.Route1')).toBe(4);
    expect(await plc.read('Sorter.Route3')).toBe(6);
    expect(await plc.read('Sorter.Programme.Id')).toBe('factory');
    for (let route = 1; route <= 14; route += 1) {
      expect(await write(`Sorter.Route${route}`, (route % 5) + 4)).toBe('Good');
    }
    expect(await plc.write('Sorter.Programme.Id', DataType.String, 'hiver')).toBe('Good');
    expect(await plc.write('Sorter.Programme.Version', DataType.UInt32, 12)).toBe('Good');
    for (let route = 1; route <= 14; route += 1) await reads(`Sorter.Route${route}`, (route % 5) + 4);
    await reads('Sorter.Programme.Id', 'hiver');
    await reads('Sorter.Programme.Version', 12);
    expect(await write('Sorter.Route1', 0)).toBe('BadOutOfRange');
    expect(await write('Sorter.Route1', 9)).toBe('BadOutOfRange');
    expect(await plc.write('Sorter.Programme.Id', DataType.String, 'x'.repeat(65))).toBe('BadOutOfRange');
    expect(await plc.write('Sorter.Route1', DataType.String, '4')).toBe('BadTypeMismatch');
    expect(await plc.read('Sorter.Route1')).toBe(5);
  });

  it('lead a bin into another, not into itself or nowhere', async () => {
    expect(await write('Bin7.DivertTo', 8)).toBe('Good');
    await reads('Bin7.DivertTo', 8);
    expect(await write('Bin7.DivertTo', 7)).toBe('BadOutOfRange');
    expect(await write('Bin7.DivertTo', 9)).toBe('BadOutOfRange');
    expect(await write('Bin7.DivertTo', 0)).toBe('Good');
    await reads('Bin7.DivertTo', 0);
    await expect(plc.read('Skip.DivertTo')).rejects.toThrow('BadNodeIdUnknown');
  });

  it.each([
    ['Sorter.Route', 'Sorter.Route2', DataType.UInt16, 4, 5],
    ['Sorter.Programme', 'Sorter.Programme.Version', DataType.UInt32, 99, 'as before'],
    ['Bin.DivertTo', 'Bin6.DivertTo', DataType.UInt16, 8, 'as before'],
    ['InfeedBelt.SpeedSetpoint', 'InfeedBelt.SpeedSetpoint', DataType.Double, 0.6, 0.7],
  ])(
    'lie about %s when told to: what is written reads back otherwise',
    async (target, id, type, value, then) => {
      const before = await plc.read(id);
      const mend = await line.fault({ kind: 'write-lies', target });
      const told = await plc.watch(id);
      expect(await plc.write(id, type, value)).toBe('Good');
      await sleep(300);
      expect(await plc.read(id)).toBe(then === 'as before' ? before : then);
      expect(told.at(-1)?.value).toBe(then === 'as before' ? before : then);
      await mend();
      expect(await plc.write(id, type, value)).toBe('Good');
      await reads(id, value);
    },
  );
});

describe('faults of the PLC', { timeout: 60_000 }, () => {
  it('plc-ignores: everything is acknowledged, nothing is done', async () => {
    const mend = await line.fault({ kind: 'plc-ignores' });
    expect(await plc.call('Hold')).toBe('Good');
    await plc.write('Command.Code', DataType.UInt16, 3);
    await request(true);
    await sleep(1_500);
    expect(await plc.read('Command.Acknowledge')).toBe(true);
    expect(await plc.read('Command.Done')).toBe(false);
    expect(await state()).toBe(execute);
    await request(false);
    await mend();
  });

  it('plc-mute: a request stays unacknowledged, a call unanswered', async () => {
    const mend = await line.fault({ kind: 'plc-mute' });
    const call = plc.call('Hold').then(
      (status) => status,
      (error: unknown) => String(error),
    );
    await request(true);
    const first = await Promise.race([call, sleep(2_000).then(() => 'nothing')]);
    expect(first).toBe('nothing');
    expect(await plc.read('Command.Acknowledge')).toBe(false);
    expect(await state()).toBe(execute);
    await request(false);
    await mend();
  });

  it('plc-reboot: in the middle of a start the line is stopped and the life counter begins anew', async () => {
    await plc.call('Hold');
    await reaches(held);
    await until(async () => (await plc.read('Line.LocalEnable')) === true, 6_000);
    await plc.write('Command.Code', DataType.UInt16, 5);
    await request(true);
    await reaches(12);
    const life = Number(await plc.read('Line.LifeCounter'));
    await line.fault({ kind: 'plc-reboot', durationMs: 800 });
    await reaches(stopped);
    expect(await plc.read('Command.Request')).toBe(false);
    expect(await plc.read('Command.Acknowledge')).toBe(false);
    expect(await plc.read('Line.Horn')).toBe(false);
    expect(await plc.read('Line.LifeCounter')).toBe(0);
    await until(async () => Number(await plc.read('Line.LifeCounter')) >= 2, 4_000);
    expect(Number(await plc.read('Line.LifeCounter'))).toBeLessThan(life);
    expect(await state()).toBe(stopped);
  });

  it('station-stuck, guard-open: the line does not come, or does not stay', async () => {
    await plc.call('Hold');
    await reaches(held);
    const mend = await line.fault({ kind: 'station-stuck', target: 'infeedBelt' });
    await until(async () => (await plc.read('Line.LocalEnable')) === true, 6_000);
    await plc.call('Unhold');
    await until(async () => (await plc.read('InfeedBelt.State')) === 2);
    await sleep(1_000);
    expect([await plc.read('InfeedBelt.State'), await plc.read('Opening.State'), await state()]).toEqual([
      2, 5, 12,
    ]);
    await mend();
    await reaches(execute);
    const close = await line.fault({ kind: 'guard-open' });
    await reaches(held);
    expect(await plc.read('Safety.GuardDoorsClosed')).toBe(false);
    expect(await plc.call('Unhold')).toBe('BadInvalidState');
    await close();
  });

  it('motor-hot and motor-overload show on the motor alone', async () => {
    const cool = await line.fault({ kind: 'motor-hot', target: 'opening' });
    const free = await line.fault({ kind: 'motor-overload', target: 'sortingBelt' });
    await until(async () => Number(await plc.read('Opening.MotorTemperature')) > 100, 20_000);
    expect(Number(await plc.read('SortingBelt.MotorTemperature'))).toBeLessThan(80);
    expect(Number(await plc.read('SortingBelt.MotorCurrent'))).toBeGreaterThan(1.4);
    await cool();
    await free();
  });
});
