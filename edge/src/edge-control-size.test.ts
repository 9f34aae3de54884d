/** However much a line is configured with, what it says of its control arrives. */
import { MOTION_COMMANDS } from '@trame/protocol/control/control-names';
import { decodeControlPicture, type ControlPicture } from '@trame/protocol/control/control-picture';
import { describe, expect, it } from 'vitest';
import { formatIssue } from './config/issue.ts';
import { parseLineConfig } from './config/parse-line-config.ts';
import { PictureVoice } from './control/picture-voice.ts';
import { nextControl, startControl } from './domain/control/control-machine.ts';
import { controlSetup } from './domain/control/control-setup.ts';
import { controlPicture } from './domain/control/picture.ts';

const AT = { wallMs: 1_790_000_000_000, monotonicMs: 1_000 };
const FORBIDDEN = `[${MOTION_COMMANDS.filter((name) => name !== 'line.stop' && name !== 'line.hold').join(', ')}]`;

/** An id as long as one may be. */
function id(kind: string, index: number): string {
  return `${kind}${String(index).padStart(3, '0')}`.padEnd(63, '-');
}

function all(count: number, one: (index: number) => string, joint = '\n'): string {
  return Array.from({ length: count }, (_, index) => one(index)).join(joint);
}

function writable(name: string, type: string): string {
  return `      - { name: ${name}, node: "s=${name}", type: ${type}, writable: true }`;
}

/** A line with as much of everything as is accepted. @param char of which every text is made, as YAML writes it. */
function largest(char: string): string {
  const shown = (chars: number): string => `"${char.repeat(chars)}"`;
  return `site: s
line: l
devices:
  - id: plc
    driver: opcua
    url: opc.tcp://h:4840
    tags:
      - { name: state, node: "s=State", type: int32 }
      - { name: flag, node: "s=Flag", type: bool }
      - { name: key, node: "s=Key", type: bool, writable: true }
      - { name: table, node: "s=T", type: string, writable: true }
      - { name: programme, node: "s=P", type: string, writable: true }
      - { name: version, node: "s=V", type: uint32, writable: true }
      - { name: count, node: "s=C", type: uint32 }
${all(16, (index) => `      - { name: gross${index}, node: "s=G${index}", type: float64, unit: kg }`)}
${all(32, (index) => writable(`setpoint${index}`, 'float64'))}
${all(64, (index) => writable(`divert${index}`, 'uint16'))}
    methods: [{ name: start, object: "s=o", method: "s=a" }, { name: stop, object: "s=o", method: "s=b" }]
roles:
  line: { device: plc, packML: state }
  safety: { device: plc, emergencyStop: flag }
  scales:
${all(16, (index) => `    - { id: ${id('scale', index)}, use: bale, device: plc, gross: gross${index}, stable: flag, min: 1kg }`)}
  stations:
${all(64, (index) => `    - { id: ${id('station', index)}, kind: belt, label: Tapis, device: plc, state: state }`)}
  outlets:
${all(64, (index) => `    - { id: ${id('outlet', index)}, label: Sortie, route: reuse }`)}
control:
  device: plc
  methods: { start: start, stop: stop }
  localEnable: flag
  remote: flag
  mode: { tag: state }
  interlocks:
${all(64, (index) => `    - { id: ${id('interlock', index)}, when: { tag: flag, value: true }, forbids: ${FORBIDDEN}, words: ${shown(200)} }`)}
  setpoints:
${all(32, (index) => `    - { id: ${id('setpoint', index)}, label: ${shown(80)}, tag: setpoint${index}, unit: ${shown(16)}, min: -1.2345678901234567e-300, max: 1.2345678901234567e+300, step: 1.2345678901234567e-300 }`)}
  sorter:
    classes: [all]
    outlets: { ${all(64, (index) => `${id('outlet', index)}: ${index + 1}`, ', ')} }
    table: [table]
    programme: programme
    version: version
    diverters: { ${all(64, (index) => `${id('outlet', index)}: divert${index}`, ', ')} }
    programmes:
${all(32, (index) => `      - { id: ${id('programme', index)}, label: ${shown(80)}, version: 999999999, routes: { all: ${id('outlet', index)} } }`)}
  presses: [${all(16, (index) => `{ id: ${id('press', index)}, device: plc, bales: count, outlet: count, outlets: { 1: ${id('outlet', 0)} } }`, ', ')}]
  scales: [${all(16, (index) => `{ scale: ${id('scale', index)}, tare: key, zero: key }`, ', ')}]
`;
}

/** As it is said of a line of which nothing can be read, somebody having just been refused at great length. */
function pictureOf(text: string): ControlPicture {
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  const { control, roles } = parsed.config;
  if (control === null) throw new Error('nothing is controlled');
  const setup = controlSetup(control, roles, new Map(), false);
  const look = { kind: 'look', at: AT, devices: new Map(), freshId: 'f'.repeat(32) } as const;
  const { state } = nextControl(setup, startControl(setup, () => null, AT).state, look);
  const picture = controlPicture(setup, state, { boot: 'b'.repeat(16), n: Number.MAX_SAFE_INTEGER }, AT);
  const longest = picture.interlocks[0]?.words.slice(0, 1).repeat(500) ?? '';
  return {
    ...picture,
    holder: 'a'.repeat(16),
    asking: { actor: 'b'.repeat(16), passesAt: AT.wallMs },
    busy: {
      request: 'c'.repeat(32),
      command: 'programme.download',
      phase: 'requested',
      station: id('station', 0),
      since: AT.wallMs,
    },
    last: {
      request: 'd'.repeat(32),
      command: 'programme.download',
      outcome: 'unconfirmed',
      reasons: Array.from({ length: 16 }, (_, index) => {
        return { code: 'interlock', ref: id('interlock', index), words: longest };
      }),
      late: id('station', 0),
      detail: longest,
      at: AT.wallMs,
    },
    presses: picture.presses.map((press) => {
      return { ...press, outlet: id('outlet', 0), phase: 'compressing', bales: Number.MAX_SAFE_INTEGER };
    }),
  };
}

function said(picture: ControlPicture): string {
  let text = '';
  const voice = new PictureVoice((told) => {
    text = told;
    return true;
  });
  voice.look(0, () => picture);
  return text;
}

describe('the picture of the largest line that is accepted', () => {
  it.each([
    ['letters with accents', 'é'],
    ['characters of three bytes', '漢'],
    ['characters that are written as six', String.raw`\x01`],
  ])('is taken by whoever reads it, in %s', (_, char) => {
    const whole = pictureOf(largest(char));
    const bytes = Buffer.from(said(whole));
    const read = decodeControlPicture(bytes);
    expect(read).not.toBeNull();
    expect(read).toMatchObject({
      setpoints: whole.setpoints,
      stations: whole.stations,
      sorter: whole.sorter,
    });
    expect(read?.interlocks.map(({ words }) => words.length > 0)).toEqual(whole.interlocks.map(() => true));
  });

  it('keeps the words of its interlocks while they fit', () => {
    const whole = pictureOf(largest('e'));
    expect(JSON.parse(said(whole))).toMatchObject({ interlocks: whole.interlocks });
  });
});
