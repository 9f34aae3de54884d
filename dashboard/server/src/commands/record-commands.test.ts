import { describe, expect, it } from 'vitest';
import { commandFault } from './record-commands.ts';

const VERIFY = { scale: 'bale-scale', outcome: 'accepted', on: '2026-03-01', due: '2027-03-01' };

describe('a record command', () => {
  it.each([
    ['scale.verify', VERIFY],
    ['scale.verify', { ...VERIFY, outcome: 'refused', due: null }],
    ['scale.verify', { ...VERIFY, on: '2028-02-29', due: '2029-02-28' }],
    ['clock.confirm', {}],
  ])('%s %j is taken', (command, args) => {
    expect(commandFault(command, args)).toBeNull();
  });

  it.each([
    ['line.start', {}, '/body/command'],
    ['constructor', {}, '/body/command'],
    ['__proto__', {}, '/body/command'],
    ['clock.confirm', { at: 1 }, '/body/args/at'],
    ['scale.verify', {}, '/body/args'],
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
