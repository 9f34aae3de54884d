import { describe, expect, it } from 'vitest';
import { formatIssue } from './issue.ts';
import { parseLineConfig } from './parse-line-config.ts';

const LINE = `site: s
line: l
uplink: { url: mqtt://h, primaryHost: trame }
devices:
  - id: plc
    driver: opcua
    url: opc.tcp://plc:4840
    tags:
      - { name: jam, node: i=1, type: bool }
      - { name: level, node: i=2, type: float64 }
      - { name: mode, node: i=3, type: int32 }
      - { name: state, node: i=4, type: int32 }
      - { name: gross, node: i=5, type: float64, unit: kg }
      - { name: stable, node: i=6, type: bool }
      - { name: total, node: i=7, type: uint64, unit: g }
roles:
  line: { device: plc, packML: state }
  scales: [{ id: floor, use: reception, device: plc, gross: gross, stable: stable, min: 2kg }]
  stations: [{ id: belt, kind: belt, label: Tapis }]
  outlets: [{ id: creme, label: Crème, route: reuse, device: plc, total: total }]
`;
const DEFAULTS = [
  'device-plc',
  'disk',
  'clock',
  'ledger',
  'chain-trame',
  'certificate',
  'scale-unstable-floor',
  'scale-expired-floor',
];
const WORDS = 'priority: 1, label: L, cause: C, consequence: D, response: R';

function read(section: string) {
  return parseLineConfig(`${LINE}${section}`, 'line.yaml', { dataDir: '/data' });
}

function alarmsOf(section: string) {
  const parsed = read(section);
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  return parsed.config.alarms;
}

function errorsOf(section: string): readonly string[] {
  const parsed = read(section);
  return parsed.kind === 'invalid' ? parsed.issues.map(({ path, message }) => `${path}: ${message}`) : [];
}

function labelsOfPlc(text: string): readonly string[] {
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  return parsed.config.alarms.filter(({ device }) => device === 'plc').map(({ label }) => label);
}

const idsOf = (section: string) => alarmsOf(section).map(({ id }) => id);

describe('alarms of a line', () => {
  it('call a device by its label, and the scale that it is', () => {
    const labelled = LINE.replace('id: plc\n', 'id: plc\n    label: Automate\n');
    expect(labelsOfPlc(LINE)).toEqual([
      'plc ne répond plus',
      'Bascule floor instable',
      'Bascule floor : vérification périmée',
    ]);
    expect(labelsOfPlc(labelled)[0]).toBe('Automate ne répond plus');
    expect(labelsOfPlc(labelled)).toContain('Bascule floor instable');
    const indicator = labelled.replace('label: Automate', 'label: Bascule de réception');
    expect(labelsOfPlc(indicator.replace('id: floor', 'id: plc'))).toContain('Bascule de réception instable');
  });

  it('are there by themselves for all that Trame watches itself, each with its words', () => {
    expect(idsOf('')).toEqual(DEFAULTS);
    for (const alarm of alarmsOf('')) {
      for (const words of [alarm.label, alarm.cause, alarm.consequence, alarm.response]) {
        expect(words).not.toBe('');
      }
    }
  });

  it('tell by themselves that the PLC does not take the life counter, where one is written', () => {
    const devices = LINE.replace(
      'i=7, type: uint64, unit: g }\n',
      `i=7, type: uint64, unit: g }
      - { name: life, node: i=8, type: uint32, writable: true }
    methods: [{ name: start, object: i=9, method: i=10 }, { name: stop, object: i=9, method: i=11 }]
`,
    );
    const control =
      'control: { device: plc, methods: { start: start, stop: stop }, life: { write: life, reaction: Elle attend. } }\n';
    const parsed = parseLineConfig(devices + control, 'line.yaml', { dataDir: '/data' });
    if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
    expect(parsed.config.alarms.find(({ id }) => id === 'life')).toMatchObject({
      source: 'life',
      device: 'plc',
      consequence: 'Elle attend.',
      onDelayMs: 10_000,
    });
    expect(errorsOf(`alarms: [{ id: a, ${WORDS}, source: life }]\n`)).toEqual([
      'alarms[0]: there is no life counter: control.life says where it is written',
    ]);
  });

  it('are added, changed and left out by their id', () => {
    const alarms = alarmsOf(`alarms:
  - { id: disk, priority: 1, onDelay: 5min }
  - { id: chain-trame, enabled: false }
  - { id: jam, ${WORDS}, when: { device: plc, tag: jam, is: "=", value: true }, latching: true, group: stop, station: belt }
`);
    expect(alarms.map(({ id }) => id)).toEqual([...DEFAULTS.filter((id) => id !== 'chain-trame'), 'jam']);
    expect(alarms.find(({ id }) => id === 'disk')).toMatchObject({
      priority: 1,
      onDelayMs: 300_000,
      source: 'disk',
      label: 'Disque du poste de ligne presque plein',
    });
    expect(alarms.at(-1)).toEqual({
      id: 'jam',
      priority: 1,
      label: 'L',
      cause: 'C',
      consequence: 'D',
      response: 'R',
      source: 'tag',
      when: { tag: { device: 'plc', tag: 'jam' }, is: '=', value: true },
      of: null,
      limit: null,
      deadband: 0,
      onDelayMs: 0,
      offDelayMs: 0,
      latching: true,
      unless: [],
      group: 'stop',
      station: 'belt',
      device: 'plc',
    });
  });

  it('may be only those that are named', () => {
    expect(idsOf('alarms: { defaults: false }\n')).toEqual([]);
    expect(idsOf(`alarms: { defaults: false, list: [{ id: r, ${WORDS}, source: reported }] }\n`)).toEqual([
      'r',
    ]);
    expect(idsOf('alarms:\n')).toEqual(DEFAULTS);
  });

  it('know their source, what they are of, and their limits', () => {
    const alarms = alarmsOf(`alarms:
  - { id: low, ${WORDS}, source: throughput-low, limit: 500, deadband: 50 }
  - { id: late, ${WORDS}, source: station-late, of: belt }
  - { id: full, ${WORDS}, when: { device: plc, tag: level, is: ">", value: 90 }, deadband: 5, offDelay: 2s, unless: [{ tag: mode, value: 2 }] }
`).slice(-3);
    expect(alarms).toMatchObject([
      { source: 'throughput-low', of: null, limit: 500, deadband: 50, onDelayMs: 120_000 },
      { source: 'station-late', of: 'belt' },
      {
        deadband: 5,
        offDelayMs: 2_000,
        unless: [{ tag: { device: 'plc', tag: 'mode' }, is: '=', value: 2 }],
      },
    ]);
  });

  it('that are wrong are refused at their place, and say what was meant', () => {
    const errors = (entry: string) => errorsOf(`alarms: [{ ${entry} }]\n`);
    const JAM = 'when: { device: plc, tag: jam, value: true }';
    expect(errors(`id: a, ${WORDS}`)).toEqual([
      'alarms[0]: expected either when, a comparison on a tag, or source, what Trame watches itself: this line has no alarm «a» by itself that could be changed',
    ]);
    expect(errors(`id: a, label: L, ${JAM}`)).toEqual(
      ['priority', 'cause', 'consequence', 'response'].map(
        (key) => `alarms[0].${key}: required key is missing`,
      ),
    );
    expect(errors(`id: a, ${WORDS}, when: { device: plc, tag: jamm, value: true }`)).toEqual([
      'alarms[0].when.tag: unknown tag of plc "jamm", did you mean jam?',
    ]);
    expect(errors(`id: a, ${WORDS}, ${JAM}, deadband: 2`)).toEqual([
      'alarms[0].deadband: a deadband wants a comparison with <, <=, > or >=',
    ]);
    expect(errors(`id: a, ${WORDS}, ${JAM}, limit: 2`)).toEqual([
      'alarms[0].limit: limit has no meaning with source tag',
    ]);
    expect(errors(`id: a, ${WORDS}, source: station-late, of: belts`)).toEqual([
      'alarms[0].of: unknown station "belts", did you mean belt?',
    ]);
    expect(errors(`id: a, ${WORDS}, source: station-late`)).toEqual([
      'alarms[0].of: required key is missing',
    ]);
    expect(errors(`id: a, ${WORDS}, source: reported, onDelay: 5s`)).toEqual([
      'alarms[0].onDelay: a reported alarm has no delay: it comes up when it is reported',
    ]);
    expect(errors(`id: a, ${WORDS}, source: tag`)[0]).toMatch(
      /^alarms\[0\]\.source: expected one of device/u,
    );
    expect(errors(`id: a, ${WORDS.replace('1', '4')}, ${JAM}`)).toEqual([
      'alarms[0].priority: expected one of 1, 2, 3, got 4',
    ]);
    expect(errors(`id: disk, source: clock`)).toEqual([
      'alarms[0].source: disk is there by itself: its source cannot be changed',
    ]);
    expect(errorsOf(`alarms:\n  - { id: disk, priority: 1 }\n  - { id: disk, priority: 2 }\n`)).toEqual([
      'alarms[1].id: duplicate alarm "disk", first used at 22:11',
    ]);
    expect(errorsOf('alarms: { default: false }\n')).toEqual([
      'alarms.default: unknown key, did you mean defaults?',
    ]);
  });

  it('of throughput want a line that says its state', () => {
    const text = LINE.replace('  line: { device: plc, packML: state }\n', '');
    const section = `alarms: [{ id: low, ${WORDS}, source: throughput-low, limit: 500 }]\n`;
    const parsed = parseLineConfig(text + section, 'line.yaml', { dataDir: '/data' });
    expect(parsed.kind === 'invalid' ? parsed.issues.map(({ message }) => message) : []).toEqual([
      'throughput is watched while the line executes: roles.line has to say its state',
    ]);
  });
});
