import { describe, expect, it } from 'vitest';
import { formatIssue } from './issue.ts';
import { parseLineConfig } from './parse-line-config.ts';

const RING = `ring:
      seq: "nsu=urn:nir;s=Station.Seq"
      size: 256
      result: { seq: "nsu=urn:nir;s=Result.{place}.Seq", at: "nsu=urn:nir;s=Result.{place}.At",
        spectrum: "nsu=urn:nir;s=Result.{place}.Spectrum" }
      wavelengths: { from: 940, step: 4, count: 186 }
      quantity: absorbance
`;

function line(more: string): string {
  return `site: s
line: l
devices:
  - id: nir
    driver: opcua
    url: opc.tcp://h:4840
    tags: [{ name: t, node: i=1 }]
    ${more}`;
}

function deviceOf(text: string) {
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  const [device] = parsed.config.devices;
  if (device?.driver !== 'opcua') throw new Error('no OPC UA device');
  return device;
}

function issuesOf(text: string): string[] {
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
  return parsed.kind === 'ok' ? [] : parsed.issues.map(formatIssue);
}

describe('a ring of spectra', () => {
  it('is read with its defaults', () => {
    expect(deviceOf(line(RING)).ring).toEqual({
      seq: 'nsu=urn:nir;s=Station.Seq',
      size: 256,
      result: {
        seq: 'nsu=urn:nir;s=Result.{place}.Seq',
        at: 'nsu=urn:nir;s=Result.{place}.At',
        spectrum: 'nsu=urn:nir;s=Result.{place}.Spectrum',
      },
      everyMs: 50,
      wavelengths: { fromNm: 940, stepNm: 4, count: 186 },
      quantity: 'absorbance',
    });
    const told = line(`${RING}      every: 1s\n`).replace('quantity: absorbance', 'quantity: reflectance');
    expect(deviceOf(told).ring).toMatchObject({ everyMs: 1000, quantity: 'reflectance' });
  });

  it('is there only where it is written', () => {
    const device = deviceOf(line(''));
    expect('ring' in device || 'verdicts' in device).toBe(false);
  });

  it.each([
    ['no map', 'ring: 256\n', ['line.yaml:8:11 devices[0].ring: expected a map, got 256']],
    [
      'nothing',
      'ring: {}\n',
      ['seq', 'size', 'result', 'wavelengths', 'quantity'].map(
        (key) => `line.yaml:8:11 devices[0].ring.${key}: required key is missing`,
      ),
    ],
    [
      'everything wrong',
      `ring:
      seq: Station.Seq
      size: 1
      result: { seq: "ns=2;s=Result.Seq", at: "ns=2;s=Result.{place}.At", values: x }
      every: 20s
      wavelengths: { from: 900, step: 0, count: 186 }
      quantity: absorbence
      places: 256
`,
      [
        'line.yaml:9:12 devices[0].ring.seq: expected a node such as "nsu=urn:maker;s=Name" or "ns=2;i=1001", got "Station.Seq"',
        'line.yaml:10:13 devices[0].ring.size: expected places, a whole number from 2 to 65536, got 1',
        'line.yaml:11:15 devices[0].ring.result.spectrum: required key is missing',
        'line.yaml:11:22 devices[0].ring.result.seq: expected {place} where the number of the place stands, got "ns=2;s=Result.Seq"',
        'line.yaml:11:75 devices[0].ring.result.values: unknown key, expected one of seq, at, spectrum',
        'line.yaml:12:14 devices[0].ring.every: expected a duration from 10ms to 10s, got "20s"',
        'line.yaml:13:39 devices[0].ring.wavelengths.step: expected a step above 0 nm, got 0',
        'line.yaml:14:17 devices[0].ring.quantity: expected one of absorbance, reflectance, got "absorbence": did you mean absorbance?',
        'line.yaml:15:7 devices[0].ring.places: unknown key, expected one of seq, size, result, every, wavelengths, quantity',
      ],
    ],
    [
      'wavelengths in another unit',
      RING.replace('from: 940', 'from: 0.94'),
      [
        'line.yaml:13:20 devices[0].ring.wavelengths: expected wavelengths in nm, from 100 to 100000: these go from 0.94 to 740.94',
      ],
    ],
    [
      'a place where none is',
      RING.replace('s=Station.Seq', 's=Result.{place}.Seq'),
      ['line.yaml:9:12 devices[0].ring.seq: expected one node: {place} is for the nodes of a result'],
    ],
  ] as const)('that is %s is refused with its place', (_what, text, issues) => {
    expect(issuesOf(line(text))).toEqual(issues);
  });

  it('is for OPC UA alone', () => {
    const modbus = `site: s
line: l
devices:
  - { id: d, driver: modbus, url: "tcp://h", ring: {}, tags: [{ name: a, register: coil, address: 0 }] }
`;
    expect(issuesOf(modbus)).toEqual([
      expect.stringMatching(/^line\.yaml:4:46 devices\[0\]\.ring: unknown key/u),
    ]);
  });
});

describe('where a sorter takes verdicts', () => {
  it('is one node', () => {
    expect(deviceOf(line('verdicts: { node: "ns=2;s=Sorter.Verdicts" }\n')).verdicts).toEqual({
      node: 'ns=2;s=Sorter.Verdicts',
    });
    expect(issuesOf(line('verdicts: { node: 7, array: true }\n'))).toEqual([
      'line.yaml:8:23 devices[0].verdicts.node: expected a node such as "nsu=urn:maker;s=Name" or "ns=2;i=1001", got 7',
      'line.yaml:8:26 devices[0].verdicts.array: unknown key, expected one of node',
    ]);
  });
});
