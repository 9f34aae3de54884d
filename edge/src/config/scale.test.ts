/** Weighing instruments: what may be left out, and what a person reads who made a mistake. */
import { describe, expect, it } from 'vitest';
import type { LineConfig } from '../domain/line-config.ts';
import { formatIssue } from './issue.ts';
import { parseLineConfig } from './parse-line-config.ts';

/** `roles` begins on line 19. */
const HEAD = `site: s
line: l
devices:
  - id: d
    driver: modbus
    url: tcp://h
    tags:
      - { name: gross, register: holding, address: 0, type: int32, unit: kg }
      - { name: tare, register: holding, address: 2, type: float32, unit: kg }
      - { name: stable, register: coil, address: 0 }
      - { name: alibi, register: holding, address: 4, type: uint32 }
      - { name: net, register: holding, address: 6, type: int32, scale: 0.01, unit: kg }
      - { name: count, register: holding, address: 8, type: uint32 }
      - { name: sum, register: holding, address: 10, type: uint64, unit: g }
      - { name: serial, register: holding, address: 20, type: string, length: 12 }
      - { name: bare, register: holding, address: 40 }
      - { name: pressure, register: holding, address: 41, unit: bar }
      - { name: tenths, register: holding, address: 42, scale: 0.1, unit: kg }
roles:
`;

const parse = (roles: string) => parseLineConfig(HEAD + roles, 'line.yaml', { dataDir: '/data' });

function rolesOf(roles: string): LineConfig['roles'] {
  const parsed = parse(roles);
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  return parsed.config.roles;
}

function issuesOf(roles: string): string[] {
  const parsed = parse(roles);
  return parsed.kind === 'ok' ? [] : parsed.issues.map(formatIssue);
}

const NOTHING = {
  gross: null,
  tare: null,
  stable: null,
  overload: null,
  belowMin: null,
  alibi: null,
  alibiWeight: null,
  weighings: null,
  total: null,
  serialTag: null,
  serial: null,
  alibiEpoch: 1,
  baseline: 'first',
  minGrams: null,
  maxGrams: null,
  intervalGrams: null,
  stableForMs: 1000,
  tareKind: 'none',
  presetTareGrams: null,
  verificationDue: null,
  simulated: false,
};

describe('a scale', () => {
  it('needs no more than the two registers of its alibi memory', () => {
    const { scales } = rolesOf(
      '  scales: [{ id: a, use: bale, device: d, alibi: alibi, alibiWeight: net }]\n',
    );
    expect(scales).toStrictEqual([
      { ...NOTHING, id: 'a', use: 'bale', device: 'd', alibi: 'alibi', alibiWeight: 'net' },
    ]);
  });

  it('may say all that stands on its plate', () => {
    const { scales } = rolesOf(`  scales:
    - id: a
      use: reception
      device: d
      weighings: count
      total: sum
      gross: gross
      tare: tare
      tareKind: preset
      stable: stable
      stableFor: 500ms
      serial: TR-1
      alibiEpoch: 2
      baseline: zero
      min: 1 kg
      max: 1.5t
      interval: 0.05kg
      verificationDue: 2028-02-29
      simulated: true
`);
    expect(scales).toStrictEqual([
      {
        ...NOTHING,
        id: 'a',
        use: 'reception',
        device: 'd',
        weighings: 'count',
        total: 'sum',
        gross: 'gross',
        tare: 'tare',
        tareKind: 'preset',
        stable: 'stable',
        stableForMs: 500,
        serial: 'TR-1',
        alibiEpoch: 2,
        baseline: 'zero',
        minGrams: 1000,
        maxGrams: 1_500_000,
        intervalGrams: 50,
        verificationDue: '2028-02-29',
        simulated: true,
      },
    ]);
  });

  it('weighed by its indication takes a tare that is shown as weighed, and a configured one as preset', () => {
    const bound = 'use: bale, device: d, stable: stable, min: 1kg';
    const { scales } = rolesOf(`  scales:
    - { id: a, ${bound}, gross: gross, tare: tare }
    - { id: b, ${bound}, gross: tare, presetTare: 62kg }
`);
    expect(scales).toMatchObject([
      { tareKind: 'weighed', presetTareGrams: null },
      { tareKind: 'preset', presetTareGrams: 62_000 },
    ]);
  });
});

it('a line may say where its PackML state stands', () => {
  expect(rolesOf('  line: { device: d, packML: bare }\n').lineState).toStrictEqual({
    device: 'd',
    tag: 'bare',
    states: null,
  });
  expect(issuesOf('  line: { device: d }\n')).toStrictEqual([
    'line.yaml:20:9 roles.line.packML: required key is missing',
  ]);
  expect(issuesOf('  line: { device: d, packML: tare }\n')).toStrictEqual([
    'line.yaml:20:30 roles.line.packML: packML is a whole number, but d/tare is a float32',
  ]);
});

type Case = readonly [name: string, scales: string, messages: readonly string[]];
const ID = 'id: a, use: bale, device: d';
const ALIBI = 'alibi: alibi, alibiWeight: net';

const MISTAKES: readonly Case[] = [
  [
    'nothing to weigh by',
    `{ ${ID}, gross: gross }`,
    [
      'line.yaml:21:7 roles.scales[0]: a scale is weighed by alibi and alibiWeight, by weighings and total, or by gross and stable: none is complete',
    ],
  ],
  [
    'half an alibi memory',
    `{ ${ID}, alibi: alibi }`,
    ['line.yaml:21:7 roles.scales[0].alibiWeight: required key is missing'],
  ],
  [
    'a weight without its number',
    `{ ${ID}, alibiWeight: net }`,
    ['line.yaml:21:7 roles.scales[0].alibi: required key is missing'],
  ],
  [
    'half a totaliser',
    `{ ${ID}, total: sum }`,
    ['line.yaml:21:7 roles.scales[0].weighings: required key is missing'],
  ],
  [
    'two that number',
    `{ ${ID}, ${ALIBI}, weighings: count, total: sum }`,
    [
      'line.yaml:21:81 roles.scales[0].weighings: the alibi memory numbers the weighings already: leave weighings out',
    ],
  ],
  [
    'an indication without Min',
    `{ ${ID}, gross: gross, stable: stable }`,
    ['line.yaml:21:7 roles.scales[0].min: required key is missing'],
  ],
  [
    'numbers that it does not keep',
    `{ ${ID}, gross: gross, stable: stable, min: 1kg, baseline: zero }`,
    [
      'line.yaml:21:88 roles.scales[0].baseline: baseline is for a scale that keeps numbers, by alibi or weighings',
    ],
  ],
  [
    'what is required, and a key that nobody knows',
    `{ alibis: alibi }`,
    [
      'line.yaml:21:7 roles.scales[0].id: required key is missing',
      'line.yaml:21:7 roles.scales[0].device: required key is missing',
      'line.yaml:21:7 roles.scales[0].use: required key is missing',
      'line.yaml:21:9 roles.scales[0].alibis: unknown key, did you mean alibi?',
    ],
  ],
  [
    'tags of the wrong kind, or of nobody',
    `{ ${ID}, alibi: tare, alibiWeight: serial, serialTag: alibi, stable: gros }`,
    [
      'line.yaml:21:45 roles.scales[0].alibi: alibi is a whole number, but d/tare is a float32',
      'line.yaml:21:64 roles.scales[0].alibiWeight: alibiWeight is a number, but d/serial is a string',
      'line.yaml:21:83 roles.scales[0].serialTag: serialTag is a string, but d/alibi is a uint32',
      'line.yaml:21:98 roles.scales[0].stable: unknown tag of d "gros", did you mean gross?',
    ],
  ],
  [
    'weights that are no mass',
    `{ ${ID}, alibi: alibi, alibiWeight: bare, gross: pressure, total: sum }`,
    [
      'line.yaml:21:65 roles.scales[0].alibiWeight: alibiWeight is a mass, but d/bare has no unit: give the tag unit g, kg or t',
      'line.yaml:21:78 roles.scales[0].gross: gross is a mass, but d/pressure is in bar: give the tag unit g, kg or t',
    ],
  ],
  [
    'a number that is scaled',
    `{ ${ID}, alibi: tenths, alibiWeight: net }`,
    [
      'line.yaml:21:45 roles.scales[0].alibi: alibi is a number as it stands in the register, but d/tenths is scaled',
    ],
  ],
  [
    'two serials',
    `{ ${ID}, ${ALIBI}, serialTag: serial, serial: "5" }`,
    [
      'line.yaml:21:97 roles.scales[0].serial: the instrument tells its serial by serialTag: leave serial out',
    ],
  ],
  [
    'masses and dates that are none',
    `{ ${ID}, ${ALIBI}, min: 1, max: 300, interval: 0.0005kg, verificationDue: 2027-02-29, serial: 5 }`,
    [
      'line.yaml:21:75 roles.scales[0].min: expected a mass with its unit, got 1: write 1kg or 1g',
      'line.yaml:21:83 roles.scales[0].max: expected a mass with its unit, got 300: write 300kg or 300g',
      'line.yaml:21:98 roles.scales[0].interval: expected whole grams, got "0.0005kg"',
      'line.yaml:21:125 roles.scales[0].verificationDue: the calendar has no 2027-02-29',
      'line.yaml:21:145 roles.scales[0].serial: expected a serial number of 1 to 40 characters, got 5',
    ],
  ],
  [
    'more of the same',
    `{ ${ID}, ${ALIBI}, min: 1lb, max: 101t, verificationDue: 1.3.2027, alibiEpoch: 0, tareKind: net, stableFor: 1 }`,
    [
      'line.yaml:21:75 roles.scales[0].min: expected a mass such as 50g, 1.5kg or 30t, got "1lb"',
      'line.yaml:21:85 roles.scales[0].max: expected a mass from 1g to 100000kg, got "101t"',
      'line.yaml:21:108 roles.scales[0].verificationDue: expected a date such as 2027-03-01, got "1.3.2027"',
      'line.yaml:21:130 roles.scales[0].alibiEpoch: expected an epoch, a whole number from 1 to 1000000, got 0',
      'line.yaml:21:143 roles.scales[0].tareKind: expected one of none, weighed, preset, got "net"',
      'line.yaml:21:159 roles.scales[0].stableFor: expected a duration with its unit, got 1: write 1ms or 1s',
    ],
  ],
  [
    'a plate that cannot be',
    `{ ${ID}, ${ALIBI}, min: 3kg, max: 2kg }`,
    ['line.yaml:21:75 roles.scales[0].min: min is below max, but 3000 g is not below 2000 g'],
  ],
  [
    'an interval as large as Min',
    `{ ${ID}, ${ALIBI}, min: 3kg, interval: 3kg }`,
    ['line.yaml:21:90 roles.scales[0].interval: interval is below min, but 3000 g is not below 3000 g'],
  ],
  [
    'a tare where there is none',
    `{ ${ID}, ${ALIBI}, tare: tare, tareKind: none }`,
    ['line.yaml:21:76 roles.scales[0].tare: tareKind none has no tare'],
  ],
  [
    'a preset tare that is also shown',
    `{ ${ID}, ${ALIBI}, tare: tare, presetTare: 5kg }`,
    ['line.yaml:21:94 roles.scales[0].presetTare: the tare is shown by the tag tare'],
  ],
  [
    'a preset tare of another kind',
    `{ ${ID}, ${ALIBI}, tareKind: weighed, presetTare: 5kg }`,
    ['line.yaml:21:101 roles.scales[0].presetTare: tareKind weighed has no preset tare'],
  ],
  [
    'a tare that nothing shows',
    `{ ${ID}, gross: gross, stable: stable, min: 1kg, tareKind: weighed }`,
    ['line.yaml:21:88 roles.scales[0].tareKind: a weighed tare needs the tag tare'],
  ],
  [
    'a preset tare that nothing tells',
    `{ ${ID}, gross: gross, stable: stable, min: 1kg, tareKind: preset }`,
    ['line.yaml:21:88 roles.scales[0].tareKind: a preset tare needs tare or presetTare'],
  ],
];

describe('mistakes in a scale', () => {
  it.each(MISTAKES)('%s', (_name, scale, messages) => {
    expect(issuesOf(`  scales:\n    - ${scale}\n`)).toStrictEqual(messages);
  });

  it('two scales with one name, or with one register', () => {
    const again = `{ ${ID}, ${ALIBI} }`;
    expect(issuesOf(`  scales:\n    - ${again}\n    - ${again}\n`)).toStrictEqual([
      'line.yaml:22:13 roles.scales[1].id: duplicate scale "a", first used at 21:13',
    ]);
    expect(issuesOf(`  scales:\n    - ${again}\n    - ${again.replace('id: a', 'id: b')}\n`)).toStrictEqual([
      'line.yaml:22:7 roles.scales[1]: duplicate scale register "d/alibi", first used at 21:7',
    ]);
  });
});
