/** What a person reads who made a mistake in a device: each file with its exact messages. */
import { describe, expect, it } from 'vitest';
import { formatIssue } from './issue.ts';
import { parseLineConfig } from './parse-line-config.ts';

function issuesOf(text: string): string[] {
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
  return parsed.kind === 'ok' ? [] : parsed.issues.map(formatIssue);
}

const HEAD = 'site: s\nline: l\n';

/** A line of one Modbus device, with more keys of the device, and one tag. Tags begin at 6:9. */
function tagged(keys: string, device = ''): string {
  return `${HEAD}devices:\n  - { id: d, driver: modbus, url: "tcp://h", ${device}\n      tags: [\n        { ${keys} }] }\n`;
}

type Case = readonly [name: string, text: string, messages: readonly string[]];

const DEVICES: readonly Case[] = [
  [
    'devices that are none',
    `${HEAD}devices: [x, {}, {driver: profinet, id: a}]\n`,
    [
      'line.yaml:3:11 devices[0]: expected a map, got "x"',
      'line.yaml:3:14 devices[1].driver: required key is missing',
      'line.yaml:3:27 devices[2].driver: expected one of modbus, opcua, got "profinet"',
    ],
  ],
  [
    'labels that are none',
    `${HEAD}devices:
  - { id: a, label: "", driver: opcua, url: "opc.tcp://h:4840", tags: [{ name: t, node: i=1 }] }
  - { id: b, label: 7, driver: modbus, url: "tcp://h", tags: [{ name: a, register: coil, address: 0 }] }
`,
    [
      'line.yaml:4:21 devices[0].label: expected a label of 1 to 40 characters, got ""',
      'line.yaml:5:21 devices[1].label: expected a label of 1 to 40 characters, got 7',
    ],
  ],
  [
    'an id used twice, and the one that is kept',
    `${HEAD}devices:
  - &d { id: a, driver: opcua, url: "opc.tcp://h:4840", tags: [{ name: t, node: i=1 }] }
  - *d
  - { id: line, driver: opcua, url: "opc.tcp://h:4840", tags: [{ name: t, node: i=1 }] }
`,
    [
      'line.yaml:4:14 devices[1].id: duplicate device "a", first used at 4:14',
      'line.yaml:6:11 devices[2].id: line is kept for what the edge computes: choose another id',
    ],
  ],
  [
    'a Modbus device full of mistakes',
    `${HEAD}devices:
  - id: d
    driver: modbus
    url: tcp://h:0
    unit: 256
    addressBase: 2
    byteOrder: ABDC
    limits: { maxWords: 126, maxgap: 3, timeoutMs: 5, pauseMs: 1.5 }
    group: []
`,
    [
      'line.yaml:4:5 devices[0].groups: required key is missing',
      'line.yaml:6:10 devices[0].url: port 0 is not a port: expected 1 to 65535',
      'line.yaml:7:11 devices[0].unit: expected a unit, a whole number from 0 to 255, got 256',
      'line.yaml:8:18 devices[0].addressBase: expected one of 0, 1, got 2',
      'line.yaml:9:16 devices[0].byteOrder: expected one of ABCD, CDAB, BADC, DCBA, got "ABDC": did you mean ABCD?',
      'line.yaml:10:25 devices[0].limits.maxWords: expected registers in one request, a whole number from 1 to 125, got 126',
      'line.yaml:10:30 devices[0].limits.maxgap: unknown key, did you mean maxGap?',
      'line.yaml:10:52 devices[0].limits.timeoutMs: expected milliseconds, a whole number from 10 to 60000, got 5',
      'line.yaml:10:64 devices[0].limits.pauseMs: expected milliseconds, a whole number from 0 to 60000, got 1.5',
      'line.yaml:11:5 devices[0].group: unknown key, did you mean groups?',
    ],
  ],
  [
    'groups out of time',
    `${HEAD}devices:
  - id: d
    driver: modbus
    url: tcp://h
    groups:
      - { every: 200, tags: [{ name: a, register: coil, address: 0 }] }
      - { every: 1ms, tags: [{ name: b, register: coil, address: 0 }] }
      - { every: soon, tags: [{ name: c, register: coil, address: 0 }] }
      - { every: 2s, staleAfter: 1s, tags: [] }
    tags: []
`,
    ['line.yaml:12:11 devices[0].tags: tags stand either here or in groups, not in both'],
  ],
  [
    'links that contradict each other',
    `${HEAD}devices:
  - { id: a, driver: modbus, url: "tcp://h:502", tags: [{ name: a, register: coil, address: 0 }] }
  - { id: b, driver: modbus, url: "rtu-tcp://h", tags: [{ name: a, register: coil, address: 0 }] }
  - { id: c, driver: modbus, url: "serial:///dev/x?baud=1", unit: 0, tags: [{ name: a, register: coil, address: 0 }] }
  - { id: e, driver: modbus, url: "serial:///dev/x?bauds=1", tags: [{ name: a, register: coil, address: 0 }] }
  - { id: f, driver: modbus, url: "serial:///dev/x?parity=mark", tags: [{ name: a, register: coil, address: 0 }] }
  - { id: g, driver: modbus, url: "serial://dev/x", tags: [{ name: a, register: coil, address: 0 }] }
  - { id: h, driver: modbus, url: "rtu-tcp://h:1", unit: 248, tags: [{ name: a, register: coil, address: 0 }] }
  - { id: i, driver: modbus, url: "tcp://h:1/path", tags: [{ name: a, register: coil, address: 0 }] }
`,
    [
      'line.yaml:5:35 devices[1].url: h:502 has other settings at 4:35: devices on one link share them',
      'line.yaml:6:35 devices[2].url: expected baud from 300 to 4000000, got 1',
      'line.yaml:7:35 devices[3].url: unknown serial setting "bauds", did you mean baud?',
      'line.yaml:8:35 devices[4].url: expected parity none, even or odd, got mark',
      'line.yaml:9:35 devices[5].url: expected the path of a serial port after three slashes: serial:///dev/ttyUSB0?baud=9600',
      'line.yaml:10:58 devices[6].unit: a serial line has units 1 to 247 (0 is for broadcasts), got 248',
      'line.yaml:11:35 devices[7].url: nothing may follow the port: expected tcp://host:502, rtu-tcp://host:502 or serial:///dev/ttyUSB0?baud=9600&parity=even&stopBits=1',
    ],
  ],
  [
    'an OPC UA device full of mistakes',
    `${HEAD}devices:
  - id: d
    driver: opcua
    url: tcp://h
    security: { mode: Sign, policy: None, user: u }
    publishing: 5ms
    tags:
      - { name: t, node: Spectrum, queue: 0, sampling: 100 }
      - { name: t, node: i=1, type: float, register: holding }
`,
    [
      'line.yaml:6:10 devices[0].url: expected opc.tcp://host:4840/path, got "tcp://h"',
      'line.yaml:7:15 devices[0].security.passwordFile: required key is missing',
      'line.yaml:7:37 devices[0].security.policy: mode Sign and policy None do not go together',
      'line.yaml:8:17 devices[0].publishing: expected a duration from 10ms to 24h, got "5ms"',
      'line.yaml:10:26 devices[0].tags[0].node: expected a node such as "nsu=urn:maker;s=Name" or "ns=2;i=1001", got "Spectrum"',
      'line.yaml:10:43 devices[0].tags[0].queue: expected a queue, a whole number from 1 to 10000, got 0',
      'line.yaml:10:56 devices[0].tags[0].sampling: expected a duration with its unit, got 100: write 100ms or 100s',
      'line.yaml:11:17 devices[0].tags[1].name: duplicate tag "t", first used at 10:17',
      'line.yaml:11:37 devices[0].tags[1].type: expected one of bool, int16, uint16, int32, uint32, int64, uint64, float32, float64, string, got "float": did you mean float32?',
      'line.yaml:11:44 devices[0].tags[1].register: unknown key, expected one of name, type, unit, scale, offset, deadband, writable, readback, range, node, sampling, queue',
    ],
  ],
];

const AT = 'devices[0].tags[0]';
const TAGS: readonly Case[] = [
  [
    'a tag without anything',
    tagged(''),
    [
      `line.yaml:6:9 ${AT}.register: required key is missing`,
      `line.yaml:6:9 ${AT}.name: required key is missing`,
      `line.yaml:6:9 ${AT}.address: required key is missing`,
    ],
  ],
  [
    'an unknown type',
    tagged('name: t, register: input, address: 0, type: real'),
    [
      `line.yaml:6:55 ${AT}.type: expected one of bool, int16, uint16, int32, uint32, int64, uint64, float32, float64, string, got "real"`,
    ],
  ],
  [
    'a table that does not exist',
    tagged('name: t, register: Holding, address: 0'),
    [
      `line.yaml:6:30 ${AT}.register: expected one of holding, input, coil, discrete, got "Holding": did you mean holding?`,
    ],
  ],
  [
    'an address below',
    tagged('name: t, register: input, address: -1'),
    [`line.yaml:6:46 ${AT}.address: expected an address, a whole number from 0 to 65535, got -1`],
  ],
  [
    'an address above',
    tagged('name: t, register: input, address: 65536'),
    [`line.yaml:6:46 ${AT}.address: expected an address, a whole number from 0 to 65535, got 65536`],
  ],
  [
    'an address in hexadecimal text',
    tagged('name: t, register: input, address: "0x10"'),
    [`line.yaml:6:46 ${AT}.address: expected an address, a whole number from 0 to 65535, got "0x10"`],
  ],
  [
    'a value past the last address',
    tagged('name: t, register: input, address: 65533, type: float64'),
    [`line.yaml:6:46 ${AT}.address: takes 4 registers from 65533 on, past the last address 65535`],
  ],
  [
    'address 0 counted from 1',
    tagged('name: t, register: input, address: 0', 'addressBase: 1,'),
    [`line.yaml:6:46 ${AT}.address: address 0 does not exist with addressBase 1: the first address is 1`],
  ],
  [
    'a value wider than a request',
    tagged('name: t, register: input, address: 0, type: uint64', 'limits: {maxWords: 2},'),
    [`line.yaml:6:9 ${AT}: takes 4 registers, but limits.maxWords of the device is 2`],
  ],
  [
    'a coil that is a number',
    tagged('name: t, register: coil, address: 0, type: float32, bit: 1, byteOrder: CDAB'),
    [
      `line.yaml:6:54 ${AT}.type: a coil is one bit: expected bool, got float32`,
      `line.yaml:6:68 ${AT}.bit: a coil is one bit already: bit is for holding and input registers`,
      `line.yaml:6:82 ${AT}.byteOrder: byteOrder has no meaning on a coil`,
    ],
  ],
  [
    'a bit that is a number',
    tagged('name: t, register: input, address: 0, type: int16, bit: 1'),
    [`line.yaml:6:55 ${AT}.type: one bit of a register is a bool, not int16`],
  ],
  [
    'a bool without its bit',
    tagged('name: t, register: input, address: 0, type: bool'),
    [`line.yaml:6:55 ${AT}.type: a bool in a register needs bit, 0 (lowest) to 15`],
  ],
  [
    'a bit that does not exist',
    tagged('name: t, register: input, address: 0, bit: 16'),
    [`line.yaml:6:54 ${AT}.bit: expected a bit, a whole number from 0 to 15, got 16`],
  ],
  [
    'text without length',
    tagged('name: t, register: input, address: 0, type: string'),
    [`line.yaml:6:9 ${AT}.length: required key is missing`],
  ],
  [
    'a number with a length',
    tagged('name: t, register: input, address: 0, length: 4'),
    [`line.yaml:6:57 ${AT}.length: length is for strings, not for uint16`],
  ],
  [
    'text that is scaled',
    tagged('name: t, register: input, address: 0, type: string, length: 4, scale: 2, range: [0, 1]'),
    [
      `line.yaml:6:81 ${AT}.scale: scale has no meaning with type string`,
      `line.yaml:6:91 ${AT}.range: range has no meaning with type string`,
    ],
  ],
  [
    'numbers that make no sense',
    tagged(
      'name: t, register: input, address: 0, scale: 0, offset: .nan, deadband: -1, range: [5, 1], writable: 1',
    ),
    [
      `line.yaml:6:56 ${AT}.scale: expected a scale other than 0: every value would become the same`,
      `line.yaml:6:67 ${AT}.offset: expected a number, got NaN`,
      `line.yaml:6:83 ${AT}.deadband: expected a deadband of 0 or more, got -1`,
      `line.yaml:6:94 ${AT}.range: expected [min, max], but 5 is above 1`,
      `line.yaml:6:112 ${AT}.writable: expected true or false, got 1`,
    ],
  ],
  [
    'a name that is none',
    tagged('name: "a b ", register: coil, address: 0, range: 3'),
    [
      `line.yaml:6:17 ${AT}.name: expected a tag name of letters, digits, _ . / : - and inner blanks, 1 to 128 long, got "a b "`,
      `line.yaml:6:60 ${AT}.range: range has no meaning with type bool`,
      `line.yaml:6:60 ${AT}.range: expected a list of two numbers [min, max], got 3`,
    ],
  ],
  [
    'a write of text',
    tagged('name: t, register: coil, address: 0', 'writes: [{ name: w, register: input, address: 0 }],'),
    ['line.yaml:4:76 devices[0].writes[0].register: expected one of holding, coil, got "input"'],
  ],
  [
    'a writable text over Modbus',
    tagged('name: t, register: holding, address: 0, type: string, length: 4, writable: true'),
    [`line.yaml:6:86 ${AT}.writable: strings cannot be written over Modbus`],
  ],
  [
    'a writable bit of a register',
    tagged('name: t, register: holding, address: 0, bit: 3, writable: true'),
    [
      `line.yaml:6:69 ${AT}.writable: one bit of a register cannot be written alone: write the whole register, or a coil`,
    ],
  ],
  [
    'a range of a bool that is written',
    tagged('name: t, register: coil, address: 0, writable: true, range: [0, 1]'),
    [`line.yaml:6:71 ${AT}.range: range has no meaning with type bool`],
  ],
  [
    'a time for reading back what is only read, one without its unit, and one that nobody waits for',
    `${HEAD}devices:
  - id: d
    driver: modbus
    url: tcp://h
    tags:
      - { name: a, register: coil, address: 0, readback: 1s }
      - { name: b, register: coil, address: 1, readback: 500, writable: true }
      - { name: c, register: coil, address: 2, readback: 9s, writable: true }
`,
    [
      'line.yaml:8:58 devices[0].tags[0].readback: readback is for tags that are written: give the tag writable: true',
      'line.yaml:9:58 devices[0].tags[1].readback: expected a duration with its unit, got 500: write 500ms or 500s',
      'line.yaml:10:58 devices[0].tags[2].readback: expected a duration from 0s to 8s, got "9s"',
    ],
  ],
  [
    'two ways to write one name',
    tagged(
      'name: t, register: coil, address: 0, writable: true',
      'writes: [{ name: t, register: coil, address: 0 }],',
    ),
    [
      'line.yaml:4:63 devices[0].writes[0].name: a writable tag has this name: nobody could tell which of the two is written',
    ],
  ],
  [
    'a raw write under the name of a scaled tag',
    tagged(
      'name: t, register: input, address: 0, scale: 0.1',
      'writes: [{ name: t, register: holding, address: 0 }],',
    ),
    [
      'line.yaml:4:63 devices[0].writes[0].name: the tag of this name is scaled, but a write is raw: choose another name',
    ],
  ],
  [
    'methods that cannot be called',
    `${HEAD}devices:
  - id: d
    driver: opcua
    url: opc.tcp://h:4840
    tags: [{ name: t, node: i=1 }]
    methods:
      - { name: start, method: "ns=1;s=Start" }
      - { name: stop, object: PackML, method: "ns=1;s=Stop" }
      - { name: hold, object: "ns=1;s=PackML", method: "ns=1;s=Hold", args: [] }
      - { name: hold, object: "ns=1;s=PackML", method: "ns=1;s=Hold" }
`,
    [
      'line.yaml:9:9 devices[0].methods[0].object: required key is missing',
      'line.yaml:10:31 devices[0].methods[1].object: expected a node such as "nsu=urn:maker;s=Name" or "ns=2;i=1001", got "PackML"',
      'line.yaml:11:71 devices[0].methods[2].args: unknown key, expected one of name, object, method',
      'line.yaml:12:17 devices[0].methods[3].name: duplicate method "hold", first used at 11:17',
    ],
  ],
];

describe.each([
  ['devices', DEVICES],
  ['tags', TAGS],
] as const)('mistakes in %s', (_part, cases) => {
  it.each(cases)('%s', (_name, text, messages) => {
    expect(issuesOf(text)).toStrictEqual(messages);
  });
});
