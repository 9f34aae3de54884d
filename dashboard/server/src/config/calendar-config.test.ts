/** `calendar:`, `stops:` and `targets:` of dashboard.yaml: what is taken, and how what is not is told. */
import { DEFAULT_STOP_CAUSES, MICRO_STOP_MS } from '@trame/protocol/stops/stop-names';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stopRules } from '../stops/stop-config.ts';
import { targetsOf } from '../trs/target-config.ts';
import { issueText, parseConfig } from './parse-config.ts';

function faults(text: string): string[] {
  const read = parseConfig(text);
  return read.kind === 'ok' ? [] : read.issues.map((issue) => issueText('dashboard.yaml', issue));
}

const EXAMPLE = new URL('../../../../deploy/config.example/dashboard.yaml', import.meta.url);
const CAUSES = DEFAULT_STOP_CAUSES.map((cause) => JSON.stringify(cause));

describe('calendar, stops and targets of dashboard.yaml', () => {
  it('are taken as the example writes them', () => {
    const lines = readFileSync(EXAMPLE, 'utf8').split('\n');
    const section = lines.slice(lines.indexOf('# calendar:'), lines.indexOf('# material:'));
    // A comment of a section has one mark, a comment of the file has words behind its first.
    const read = parseConfig(section.map((line) => line.replace(/^# (?=[a-zA-Z]+:|\s)/u, '')).join('\n'));
    expect(read).toMatchObject({
      kind: 'ok',
      config: {
        calendar: { open: { friday: ['08:00-12:00'] }, breaks: ['10:00-10:15'] },
        stops: { microStop: '2min', propose: [{ alarm: 'nir-*', cause: 'panne' }, {}, {}] },
        targets: { nominalKgPerHour: 1000, lines: { 'tri-2': { outputsPerDay: 15 } } },
      },
    });
    const stops = read.kind === 'ok' ? read.config.stops : undefined;
    expect(stopRules(stops ?? {}).causes).toHaveLength(6);
  });

  it('have defaults, and bounds that no site may lower', () => {
    expect(stopRules({})).toEqual({ causes: DEFAULT_STOP_CAUSES, microStopMs: MICRO_STOP_MS, propose: [] });
    expect(stopRules({ microStop: '90s' }).microStopMs).toBe(90_000);
    expect(targetsOf({}, 'tri-1')).toEqual({
      nominalKgPerHour: null,
      outputsPerDay: null,
      andon: false,
      groupMin: 4,
    });
    const settings = { nominalKgPerHour: 900, groupMin: 6, lines: { 'tri-2': { nominalKgPerHour: 400 } } };
    expect(targetsOf(settings, 'tri-2')).toMatchObject({ nominalKgPerHour: 400, groupMin: 6 });
    expect(targetsOf(settings, 'constructor')).toMatchObject({ nominalKgPerHour: 900 });
  });

  it.each([
    ['calendar: 5', '1:1 calendar: expected {open: '],
    ['calendar:\n  open: { lundi: [] }', '2:11 calendar.open.lundi: unknown key'],
    [
      'calendar:\n  open: { monday: ["8h-12h"] }',
      '2:20 calendar.open.monday.0: «8h-12h» are no hours, expected some such as',
    ],
    [
      'calendar:\n  open: {}\n  breaks: ["25:00-26:00"]',
      '3:12 calendar.breaks.0: «25:00-26:00» are no hours',
    ],
    ['calendar:\n  open: {}\n  closed: ["2026-02-30"]', '3:12 calendar.closed.0: «2026-02-30» is no day'],
    ['stops:\n  microStop: 5s', '2:3 stops.microStop: expected a time from 10s to 30min'],
    ['stops:\n  microStop: 2h', '2:3 stops.microStop: expected a time from 10s to 30min'],
    [`stops:\n  causes: [${CAUSES.slice(0, 5).join(', ')}]`, '2:3 stops.causes: expected a list of 6 to 8'],
    [`stops:\n  causes: [${[...CAUSES.slice(0, 6), CAUSES[0]].join(', ')}]`, '2:'],
    ['stops:\n  propose:\n    - { alarm: a, cause: none }', '3:19 stops.propose.0.cause: «none» is no cause'],
    [
      'stops:\n  propose:\n    - { alarm: a, state: held, cause: panne }',
      '3:7 stops.propose.0: expected exactly one',
    ],
    ['targets: { groupMin: 3 }', '1:12 targets.groupMin: expected a number of people, 4 or more'],
    ['targets: { nominalKgPerHour: 0 }', '1:12 targets.nominalKgPerHour: expected kilograms an hour'],
  ])('%j is refused: %s', (text, message) => {
    const found = faults(text);
    expect(found).toHaveLength(1);
    expect(found[0]?.slice(0, `dashboard.yaml:${message}`.length)).toBe(`dashboard.yaml:${message}`);
  });
});
