/** What a person reads who made a mistake: each file with its exact messages. */
import { describe, expect, it } from 'vitest';
import { formatIssue } from './issue.ts';
import { parseLineConfig } from './parse-line-config.ts';

function issuesOf(text: string): string[] {
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
  return parsed.kind === 'ok' ? [] : parsed.issues.map(formatIssue);
}

const HEAD = 'site: s\nline: l\n';

function rolesOf(roles: string): string {
  return `${HEAD}devices:
  - id: plc
    driver: modbus
    url: tcp://h
    tags:
      - { name: total, register: holding, address: 0, type: uint32 }
      - { name: stable, register: coil, address: 0 }
      - { name: serial, register: holding, address: 9, type: string, length: 4 }
roles:
${roles}`;
}

type Case = readonly [name: string, text: string, messages: readonly string[]];

const FILES: readonly Case[] = [
  ['an empty file', '', ['line.yaml:1:1: the file is empty: expected at least site, line and devices']],
  [
    'only comments',
    '# later\n',
    ['line.yaml:1:1: the file is empty: expected at least site, line and devices'],
  ],
  ['a list', '- a\n', ['line.yaml:1:1: expected a map, got a list']],
  [
    'nothing that is required',
    'roles:\n',
    [
      'line.yaml:1:1 site: required key is missing',
      'line.yaml:1:1 line: required key is missing',
      'line.yaml:1:1 devices: required key is missing',
    ],
  ],
  [
    'keys without values',
    'site:\nline: l\ndevices:\n',
    [
      'line.yaml:1:6 site: expected a name of letters, digits, dot, dash, underscore or tilde, 1 to 63 long, got nothing',
      'line.yaml:3:9 devices: expected a list, got nothing',
    ],
  ],
  ['a tab', 'site: s\n\tline: l\n', ['line.yaml:2:1: not YAML: Tabs are not allowed as indentation']],
  [
    'an open bracket',
    'site: s\ndevices: [\n',
    [
      'line.yaml:3:1: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
  ],
  [
    'a second document',
    `${HEAD}devices: []\n---\nsite: t\n`,
    ['line.yaml:4:1: a second document begins here: expected one document in the file'],
  ],
  [
    'a tag of YAML that hides a type',
    `${HEAD}devices: !!js/function x\n`,
    ['line.yaml:3:10: not plain YAML: Unresolved tag: tag:yaml.org,2002:js/function'],
  ],
  [
    'an unknown and a duplicate key',
    `${HEAD}device: []\ndevices: []\nsite: t\n`,
    [
      'line.yaml:3:1 device: unknown key, did you mean devices?',
      'line.yaml:5:1 site: duplicate key, first written at 1:7',
    ],
  ],
  [
    'a site that is no level of a topic',
    'site: a/b\nline: 12\ndevices: []\n',
    [
      'line.yaml:1:7 site: expected a name of letters, digits, dot, dash, underscore or tilde, 1 to 63 long, got "a/b"',
      'line.yaml:2:7 line: expected a name, got the number 12: write it in quotes, "12"',
    ],
  ],
];

const UPLINKS: readonly Case[] = [
  [
    'an uplink that says too much and too little',
    `${HEAD}devices: []\nuplink:\n  url: mqtt://u:p@h\n  keepAlive: 30\n  version: 3.1.1\n  username: u\n`,
    [
      'line.yaml:5:3 uplink.passwordFile: required key is missing',
      'line.yaml:5:8 uplink.url: write the user in username and its password in a file, never in the address',
      'line.yaml:6:14 uplink.keepAlive: expected a duration with its unit, got 30: write 30ms or 30s',
      'line.yaml:7:12 uplink.version: write 4 for MQTT 3.1.1, 5 for MQTT 5',
    ],
  ],
  [
    'an uplink to a page',
    `${HEAD}devices: []\nuplink: { url: "http://h", version: 6 }\n`,
    [
      'line.yaml:4:16 uplink.url: expected mqtt://host:1883, mqtts://…, ws://… or wss://…, got "http://h"',
      'line.yaml:4:37 uplink.version: expected one of 4, 5, got 6',
    ],
  ],
  [
    'a certificate without TLS',
    `${HEAD}devices: []\nuplink: { url: "mqtt://h", caFile: ca.pem, keepAlive: 100h }\n`,
    [
      'line.yaml:4:36 uplink.caFile: mqtt:// knows no certificate: expected mqtts:// or wss://',
      'line.yaml:4:55 uplink.keepAlive: expected a duration from 1s to 65535s, got "100h"',
    ],
  ],
];

const ROLES: readonly Case[] = [
  [
    'a total that is no mass, and one that two outlets share',
    rolesOf(`  infeedScale: { device: plc, total: total }
  outlets:
    - { id: a, label: A, route: reuse, device: plc, total: total }
    - { id: b, label: B, route: csr, device: plc, total: total }
`),
    [
      'line.yaml:12:38 roles.infeedScale.total: a total is a mass, but plc/total has no unit: give the tag unit g, kg or t',
      'line.yaml:14:60 roles.outlets[0].total: a total is a mass, but plc/total has no unit: give the tag unit g, kg or t',
      'line.yaml:15:58 roles.outlets[1].total: a total is a mass, but plc/total has no unit: give the tag unit g, kg or t',
      'line.yaml:15:58 roles.outlets[1].total: plc/total is already the total of the outlet at 14:60: its kilograms would count twice',
    ],
  ],
  [
    'roles of nobody',
    rolesOf(
      '  infeedScale: { device: pcl, gross: total }\n  energy: { device: plc, power: totl }\n  press: {}\n',
    ),
    [
      'line.yaml:12:26 roles.infeedScale.device: unknown device "pcl", did you mean plc?',
      'line.yaml:13:33 roles.energy.power: unknown tag of plc "totl", did you mean total?',
      'line.yaml:14:3 roles.press: unknown key, expected one of infeedScale, energy, safety, line, scales, stations, outlets',
    ],
  ],
  [
    'roles of the wrong kind',
    rolesOf('  infeedScale: { device: plc, gross: serial, stable: total, total: stable }\n'),
    [
      'line.yaml:12:38 roles.infeedScale.gross: gross is a number, but plc/serial is a string',
      'line.yaml:12:54 roles.infeedScale.stable: stable is a bool, but plc/total is a uint32',
      'line.yaml:12:68 roles.infeedScale.total: total is a number, but plc/stable is a bool',
    ],
  ],
  [
    'stations that cannot be drawn',
    rolesOf(
      '  stations:\n    - { id: a, kind: oven, label: "", state: total }\n    - { id: a, kind: belt, label: A, colour: red }\n',
    ),
    [
      'line.yaml:13:22 roles.stations[0].kind: expected one of hopper, opening, belt, sortingPost, nir, sorter, bins, press, scale, stock, got "oven"',
      'line.yaml:13:35 roles.stations[0].label: expected a label of 1 to 40 characters, got ""',
      'line.yaml:13:46 roles.stations[0].state: a tag needs the device that has it: device is missing',
      'line.yaml:14:13 roles.stations[1].id: duplicate station "a", first used at 13:13',
      'line.yaml:14:38 roles.stations[1].colour: unknown key, expected one of id, kind, label, device, state, running, speed, level, count, gross, stable, overload',
    ],
  ],
  [
    'outlets that do not add up',
    rolesOf(
      '  outlets:\n    - { id: a, label: A, route: burn, device: plc, total: none, composition: { cotton: 60, polyester: 30.5 } }\n    - { id: b, label: B, route: csr, baseline: last, composition: { coton: 100, wool: 101 } }\n',
    ),
    [
      'line.yaml:13:33 roles.outlets[0].route: expected one of reuse, recycling, csr, energy, disposal, manual, got "burn"',
      'line.yaml:13:59 roles.outlets[0].total: unknown tag of plc "none", expected one of total, stable, serial',
      'line.yaml:13:78 roles.outlets[0].composition: the shares add up to 90.5, expected 100',
      'line.yaml:14:48 roles.outlets[1].baseline: expected one of first, zero, got "last"',
      'line.yaml:14:69 roles.outlets[1].composition.coton: unknown key, did you mean cotton?',
      'line.yaml:14:87 roles.outlets[1].composition.wool: expected a share from 0 to 100, got 101',
    ],
  ],
  [
    'roles of a device that could not be read',
    `${HEAD}devices: [{ id: a, driver: x }]\nroles: { energy: { device: a, power: p } }\n`,
    ['line.yaml:3:28 devices[0].driver: expected one of modbus, opcua, got "x"'],
  ],
];

describe.each([
  ['the file', FILES],
  ['the uplink', UPLINKS],
  ['roles', ROLES],
] as const)('mistakes in %s', (_part, cases) => {
  it.each(cases)('%s', (_name, text, messages) => {
    expect(issuesOf(text)).toStrictEqual(messages);
  });
});
