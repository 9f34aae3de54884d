import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outputAddress, readScan, ssccAddress } from './scanned-code.ts';
import { parseSscc, type Sscc } from './sscc.ts';

const BASE = 'https://trame.example.org';
const SSCC = '376130321109103420' as Sscc;
const GS = '\u001D';

const scan = (text: string) => readScan(text, [BASE, 'http://10.0.0.5:8080/atelier/']);

test.each([
  ['plain digits', SSCC],
  ['digits with the AI, without symbology', `00${SSCC}`],
  ['GS1-128', `]C100${SSCC}`],
  ['GS1-128 with a leading FNC1', `]C1${GS}00${SSCC}`],
  ['FNC1 without symbology', `${GS}00${SSCC}`],
  ['GS1 QR', `]Q300${SSCC}`],
  ['GS1 DataMatrix', `]d200${SSCC}`],
  ['as written under the bars', `(00) 3 7613032 110910342 0`],
  ['with the Enter of a keyboard wedge', `${SSCC}\r\n`],
  ['behind elements of fixed length', `]C10203761303211091370512${GS}00${SSCC}`],
  ['before other elements', `]C100${SSCC}10LOT7${GS}3103002485`],
  ['behind a weight', `]C1310300248500${SSCC}`],
  ['the address of a pre-printed label', ssccAddress(BASE, SSCC)],
])('%s is an SSCC', (_, text) => {
  expect(scan(text)).toEqual({ kind: 'sscc', sscc: SSCC });
});

test.each(['157035381410375177', '080020080000012346'])('%s is an SSCC', (digits) => {
  expect(scan(digits)).toEqual({ kind: 'sscc', sscc: digits });
});

test('the QR of an output gives its id, whoever read it and under whichever own address', () => {
  const id = '0193e8a2-7c1b-7f00-8a2e-0d4c3b2a1f00';
  for (const text of [
    outputAddress(BASE, id),
    `]Q1${outputAddress(BASE, id)}`,
    `${outputAddress('http://10.0.0.5:8080/atelier/', id)}\n`,
    `${BASE}/b/${id}?from=qr#top`,
  ])
    expect(scan(text)).toEqual({ kind: 'output', id });
});

test.each([
  ['', 'empty'],
  [' \r\n', 'empty'],
  [']C1', 'empty'],
  ['376130321109103421', 'sscc-misread'],
  [`]C100376130321109103421`, 'sscc-misread'],
  [`${BASE}/00/376130321109103421`, 'sscc-misread'],
  ['4006381333931', 'trade-item'],
  [']E04006381333931', 'trade-item'],
  ['96385074', 'trade-item'],
  ['036000291452', 'trade-item'],
  [']C10104006381333931', 'gs1-without-sscc'],
  [`]C110LOT7${GS}21SERIE`, 'gs1-without-sscc'],
  [`]C100${SSCC.slice(0, 12)}`, 'gs1-broken'],
  [']C1LOT7', 'gs1-broken'],
  [`${BASE}/lots/12`, 'own-site-other-page'],
  [`${BASE}/b/`, 'own-site-other-page'],
  [`${BASE}/b/%3Cscript%3E`, 'own-site-other-page'],
  ['http://10.0.0.5:8080/b/12', 'other-web-address'],
  ['https://trame.example.org.evil.example/b/12', 'other-web-address'],
  ['https://evil.example/https://trame.example.org/b/12', 'other-web-address'],
  ['https://', 'unknown'],
  ['4006381333932', 'unknown'],
  ['1042', 'unknown'],
  ['BADGE-7', 'unknown'],
  ['WIFI:T:WPA;S:atelier;P:x;;', 'unknown'],
  ['x'.repeat(513), 'too-long'],
])('%j is foreign: %s', (text, what) => {
  const read = scan(text);
  expect(read).toMatchObject({ kind: 'foreign', what });
  expect(read.kind === 'foreign' && read.words).toMatch(/\p{L}{3}.*\.$/u);
});

test('whatever is scanned is answered, and no SSCC comes out that is not one', () => {
  const pieces = fc.constantFrom(
    GS,
    ']C1',
    ']Q1',
    '00',
    SSCC,
    BASE,
    '/b/',
    '/00/',
    '(00)',
    ' ',
    '%',
    '\u0000',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 8 }), (parts) => {
      const read = scan(parts.join(''));
      const isKept = {
        sscc: () => read.kind === 'sscc' && parseSscc(read.sscc) === read.sscc,
        output: () => read.kind === 'output' && /^[\w.~-]{1,64}$/u.test(read.id),
        foreign: () => read.kind === 'foreign' && read.words !== '',
      }[read.kind];
      expect(isKept()).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
