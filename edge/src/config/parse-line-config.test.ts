import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { LineDescription } from '@trame/protocol/line-description';
import { defaultAlarms } from '../domain/alarms/default-alarms.ts';
import { formatIssue } from './issue.ts';
import { hasRoles } from '../domain/line-counts.ts';
import { parseLineConfig } from './parse-line-config.ts';
import { EXAMPLE } from './testing/example.ts';

const COMMON = { unit: null, scale: 1, offset: 0, deadband: 0, range: null, writable: false };
const REGISTERS = { bit: null, lengthBytes: null, byteOrder: 'CDAB' };
const EXAMPLE_CONFIG = {
  site: 'caux-vallee-de-seine',
  line: 'tri-1',
  uplink: {
    url: 'mqtt://127.0.0.1:1883',
    primaryHost: 'trame',
    username: null,
    passwordFile: null,
    caFile: null,
    keepAliveS: 30,
    protocolVersion: 4,
  },
  ledger: { consumers: ['trame'], throughputEveryMs: 60_000, reserveBytes: 67_108_864 },
  timeZone: 'Europe/Paris',
  sorting: null,
  spool: { maxBytes: 268_435_456, maxAgeMs: 604_800_000, replayPerSecond: 2000 },
  commands: { trust: [] },
  devices: [
    {
      driver: 'modbus',
      id: 'infeed-scale',
      link: { kind: 'tcp', host: '10.0.0.11', port: 502 },
      unit: 1,
      limits: { maxWords: 60, maxGap: 8, pauseMs: 0, timeoutMs: 500 },
      groups: [
        {
          everyMs: 200,
          staleAfterMs: 2000,
          tags: [
            {
              ...COMMON,
              ...REGISTERS,
              name: 'gross',
              register: 'holding',
              address: 100,
              type: 'float32',
              unit: 'kg',
              deadband: 0.05,
            },
            { ...COMMON, ...REGISTERS, name: 'stable', register: 'discrete', address: 3, type: 'bool' },
          ],
        },
      ],
      writes: [
        {
          name: 'tareNow',
          register: 'coil',
          address: 1,
          type: 'bool',
          byteOrder: 'CDAB',
          readbackMs: 500,
          range: null,
        },
      ],
    },
    {
      driver: 'opcua',
      id: 'nir',
      url: 'opc.tcp://10.0.0.20:4840',
      security: {
        mode: 'SignAndEncrypt',
        policy: 'Basic256Sha256',
        user: 'trame',
        passwordFile: '/etc/trame/opcua.secret',
      },
      publishingMs: 100,
      staleAfterMs: 5000,
      tags: [
        {
          ...COMMON,
          name: 'spectrum',
          node: 'nsu=urn:nir;s=Spectrum',
          type: null,
          samplingMs: 100,
          queue: 50,
        },
      ],
      methods: [],
    },
  ],
  control: null,
  roles: {
    infeedScale: {
      gross: { device: 'infeed-scale', tag: 'gross' },
      stable: { device: 'infeed-scale', tag: 'stable' },
      total: null,
      baseline: 'first',
    },
    lineState: null,
    scales: [],
    description: { stations: [], outlets: [] },
  },
};

const parse = (text: string) => parseLineConfig(text, 'line.yaml', { dataDir: '/var/lib/trame' });

function configOf(text: string) {
  const parsed = parse(text);
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  return parsed;
}

const HEAD = 'site: s\nline: l\n';
/** A line with one Modbus device and one tag, whose keys can be added to. */
const withTag = (tag: string, device = '') => `${HEAD}devices:
  - id: d
    driver: modbus
    url: tcp://h
${device}    tags:
      - { name: t, ${tag} }
`;

describe('a right line.yaml', () => {
  it('is read with its defaults filled in', () => {
    const {
      config: { alarms, ...config },
      warnings,
    } = configOf(EXAMPLE);
    expect(warnings).toStrictEqual([]);
    expect(config).toStrictEqual(EXAMPLE_CONFIG);
    expect(alarms).toStrictEqual(defaultAlarms(config));
  });

  it('may be only hands', () => {
    expect(configOf(`${HEAD}devices: []\n`).config).toMatchObject({
      uplink: null,
      devices: [],
      roles: { infeedScale: null },
    });
  });

  it('may list tags without groups, use addresses from 1, and repeat itself by anchors', () => {
    const { config } = configOf(`${HEAD}devices:
  - id: a
    driver: modbus
    url: serial:///dev/ttyUSB0?baud=19200&parity=none&stopBits=2
    addressBase: 1
    limits: &limits { timeoutMs: 300 }
    tags: &tags
      - { name: first, register: holding, address: 1 }
      - { name: last, register: input, address: 65535, type: float32, byteOrder: DCBA }
      - { name: alarm, register: holding, address: 2, bit: 3 }
      - { name: serial, register: holding, address: 10, type: string, length: 7 }
  - { id: b, driver: modbus, url: "rtu-tcp://[fe80::1]:4001", unit: 3, addressBase: 1, limits: *limits, tags: *tags }
`);
    expect(config.devices).toMatchObject([
      {
        link: {
          kind: 'serial',
          path: '/dev/ttyUSB0',
          baud: 19_200,
          parity: 'none',
          dataBits: 8,
          stopBits: 2,
        },
        limits: { maxWords: 125, maxGap: 8, pauseMs: 0, timeoutMs: 300 },
        groups: [
          {
            everyMs: 1000,
            staleAfterMs: 3300,
            tags: [
              { name: 'first', address: 0, type: 'uint16' },
              { name: 'last', address: 65_534, type: 'float32', byteOrder: 'DCBA' },
              { name: 'alarm', address: 1, type: 'bool', bit: 3 },
              { name: 'serial', address: 9, type: 'string', lengthBytes: 7 },
            ],
          },
        ],
      },
      { link: { kind: 'rtu-tcp', host: 'fe80::1', port: 4001 }, unit: 3, groups: [{ everyMs: 1000 }] },
    ]);
  });
});

describe('what a line.yaml names', () => {
  it('may say once how all nodes of a server are sampled, and which tag shows its life', () => {
    const result = parseLineConfig(
      `site: s
line: l
devices:
  - id: plc
    driver: opcua
    url: opc.tcp://plc:4840
    sampling: 0ms
    life: { tag: a }
    tags: [{ name: a, node: i=1 }, { name: b, node: i=2, sampling: 1s }]
`,
      'line.yaml',
      { dataDir: '/data' },
    );
    const device = result.kind === 'ok' ? result.config.devices[0] : undefined;
    const sampled = device?.driver === 'opcua' ? device.tags.map((tag) => tag.samplingMs) : [];
    expect(sampled).toEqual([0, 1000]);
    expect(device?.life).toEqual({ tag: 'a', withinMs: 5000 });
  });

  it('gives units their code, and passes unknown ones with a warning', () => {
    const { config, warnings } = configOf(withTag('register: input, address: 0, unit: °C'));
    expect(config.devices).toMatchObject([{ groups: [{ tags: [{ unit: 'Cel' }] }] }]);
    expect(warnings).toStrictEqual([]);
    const odd = configOf(withTag('register: input, address: 0, unit: furlong'));
    expect(odd.config.devices).toMatchObject([{ groups: [{ tags: [{ unit: 'furlong' }] }] }]);
    expect(odd.warnings.map(formatIssue)).toStrictEqual([
      'line.yaml:8:55 devices[0].tags[0].unit: "furlong" is not a known unit: it is passed on as written',
    ]);
  });

  it('warns of an address that looks like a Modicon number', () => {
    const result = parseLineConfig(
      `${HEAD}devices:
  - id: a
    driver: modbus
    url: tcp://h
    addressBase: 1
    tags: [{ name: x, register: holding, address: 40001 }, { name: y, register: input, address: 40002 }]
`,
      'line.yaml',
      { dataDir: '/data' },
    );
    expect(result.kind === 'ok' ? result.warnings.map(({ message }) => message) : result).toEqual([
      'read as address 40001; if it is the Modicon number of register 1, write 1',
    ]);
  });

  it('finds secrets in the data directory', () => {
    const { config } =
      configOf(`${HEAD}uplink: { url: "mqtts://h", username: u, passwordFile: mqtt.secret, caFile: /etc/ca.pem }
devices: []
`);
    expect(config.uplink).toMatchObject({
      passwordFile: '/var/lib/trame/mqtt.secret',
      caFile: '/etc/ca.pem',
    });
  });

  it('tells in the birth what people call its devices, and nothing of those without a label', () => {
    const plc =
      '{ id: plc, label: Automate, driver: opcua, url: "opc.tcp://h:4840", tags: [{ name: t, node: i=1 }] }';
    const scale =
      '{ id: scale, driver: modbus, url: "tcp://h", tags: [{ name: c, register: coil, address: 0 }] }';
    const { config } = configOf(`site: s\nline: l\ndevices:\n  - ${plc}\n  - ${scale}\n`);
    const { description } = config.roles;
    expect(description).toStrictEqual({
      stations: [],
      outlets: [],
      devices: [{ id: 'plc', label: 'Automate' }],
    });
    expect(Value.Check(LineDescription, description)).toBe(true);
    expect(hasRoles(config.roles)).toBe(true);
    const { config: unnamed } = configOf(`site: s\nline: l\ndevices:\n  - ${scale}\n`);
    expect(unnamed.roles.description).toStrictEqual({ stations: [], outlets: [] });
    expect(hasRoles(unnamed.roles)).toBe(false);
  });

  it('describes its stations and outlets as the birth certificate wants them', () => {
    const { config } = configOf(`${EXAMPLE}  energy: { device: infeed-scale, power: gross }
  stations:
    - { id: hopper, kind: hopper, label: Trémie }
    - { id: scale, kind: scale, label: Bascule, device: infeed-scale, gross: gross, stable: stable }
  outlets:
    - { id: creme, label: Crème, route: reuse, device: infeed-scale, total: gross, baseline: zero, composition: { cotton: 60, polyester: 40 } }
    - { id: csr, label: CSR, route: csr }
`);
    const { description } = config.roles;
    expect(Value.Check(LineDescription, description)).toBe(true);
    expect(description).toStrictEqual({
      energy: { device: 'infeed-scale', power: 'gross' },
      stations: [
        { id: 'hopper', kind: 'hopper', label: 'Trémie' },
        {
          id: 'scale',
          kind: 'scale',
          label: 'Bascule',
          device: 'infeed-scale',
          gross: 'gross',
          stable: 'stable',
        },
      ],
      outlets: [
        {
          id: 'creme',
          label: 'Crème',
          route: 'reuse',
          device: 'infeed-scale',
          total: 'gross',
          baseline: 'zero',
          composition: { cotton: 60, polyester: 40 },
        },
        { id: 'csr', label: 'CSR', route: 'csr' },
      ],
    });
  });
});
