import { describe, expect, it } from 'vitest';
import { commandFault } from './command-fault.ts';

const VERIFY = { scale: 'bale-scale', outcome: 'accepted', on: '2026-03-01', due: '2027-03-01' };

describe('a command', () => {
  it.each([
    ['scale.verify', VERIFY],
    ['scale.verify', { ...VERIFY, outcome: 'refused', due: null }],
    ['scale.verify', { ...VERIFY, on: '2028-02-29', due: '2029-02-28' }],
    ['clock.confirm', {}],
    ['line.start', {}],
    ['line.mode', { mode: 'school' }],
    ['setpoint.write', { setpoint: 'infeed', value: 0.5 }],
    ['programme.download', { programme: 'ete' }],
    ['diverter.set', { outlet: 'creme', to: null }],
    ['diverter.set', { outlet: 'creme', to: 'csr' }],
    ['scale.tare', { scale: 'bale-scale' }],
    ['control.take', {}],
    ['control.answer', { grant: false, to: 'cafe0123' }],
  ])('%s %j is taken', (command, args) => {
    expect(commandFault(command, args)).toBeNull();
  });

  it.each([
    ['line.explode', {}, '/body/command'],
    ['alarm.acknowledge', { alarm: 'jam', occurrence: 1 }, '/body/command'],
    ['material.record', {}, '/body/command'],
    ['line.start', { force: true }, '/body/args/force'],
    ['line.mode', {}, '/body/args/mode'],
    ['line.mode', { mode: 'turbo' }, '/body/args/mode'],
    ['setpoint.write', { setpoint: 'infeed', value: '0.5' }, '/body/args/value'],
    ['setpoint.write', { setpoint: 'infeed', value: Number.NaN }, '/body/args/value'],
    ['diverter.set', { outlet: 'creme' }, '/body/args/to'],
    ['scale.zero', { scale: '../x' }, '/body/args/scale'],
    ['control.answer', { grant: 1, to: 'cafe0123' }, '/body/args/grant'],
    ['constructor', {}, '/body/command'],
    ['__proto__', {}, '/body/command'],
    ['clock.confirm', { at: 1 }, '/body/args/at'],
    ['scale.verify', {}, '/body/args/scale'],
    ['scale.verify', { ...VERIFY, scale: 'a b' }, '/body/args/scale'],
    ['scale.verify', { ...VERIFY, outcome: 'perhaps' }, '/body/args/outcome'],
    ['scale.verify', { ...VERIFY, on: '2026-02-30' }, '/body/args/on'],
    ['scale.verify', { ...VERIFY, on: '01/03/2026' }, '/body/args/on'],
    ['scale.verify', { ...VERIFY, due: '2026-02-28' }, '/body/args/due'],
    ['scale.verify', { ...VERIFY, due: '2027-13-01' }, '/body/args/due'],
    ['scale.verify', { ...VERIFY, due: null }, '/body/args/due'],
    ['scale.verify', { ...VERIFY, outcome: 'refused' }, '/body/args/due'],
  ])('%s %j is not taken, and %s is named', (command, args, path) => {
    expect(commandFault(command, args)?.path).toBe(path);
  });
});
