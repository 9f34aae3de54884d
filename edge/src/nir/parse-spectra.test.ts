import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, describe, it } from 'vitest';
import { rowKind, sharesOf } from './labelled-row.ts';
import { oneLabelEach, parseSpectra } from './parse-spectra.ts';
import { readSpectraFolder } from './read-spectra-folder.ts';
import { HEADER } from './test-swatches.ts';

const TITLES = `${HEADER},1000,1004,1008`;
const ROW = 'A,S1,Cotton,100,0,0,0,0,0,a.csv,0.1,0.2,0.3';

function rows(...lines: readonly string[]) {
  return parseSpectra([TITLES, ...lines].join('\n'), 'x.csv');
}

describe('a file of spectra', () => {
  it('gives rows, whatever ends its lines, and reads cells in quotes', () => {
    const [row, ...none] = parseSpectra(
      `\uFEFF${TITLES}\r\n${ROW.replace('a.csv', '"a, ""b"".csv"')}\r\n\r\n`,
      'x.csv',
    );
    expect(none).toEqual([]);
    expect(row).toMatchObject({
      dataset: 'A',
      sample: 'S1',
      className: 'Cotton',
      label: { cotton: 100 },
      wavelengthsNm: { from: 1000, step: 4, count: 3 },
      place: 'x.csv:2',
    });
    expect([...(row?.values ?? [])]).toEqual([0.1, 0.2, 0.3]);
  });

  it('takes columns in any order, and wavelengths at any distance', () => {
    const titles = ['1000', '1003', 'class', 'sample', 'dataset', ...HEADER.split(',').slice(3), '1010'];
    const cells = titles.map((title) => ({ sample: 'S', cotton: '60', polyester: '40' })[title] ?? '1');
    const label = { wool: '0', nylon: '0', acetate: '0', acrylic: '0' };
    const filled = cells.map((cell, i) => label[(titles[i] ?? '') as keyof typeof label] ?? cell);
    const [row] = parseSpectra(`${titles.join(',')}\n${filled.join(',')}\n`, 'x.csv');
    expect(row?.wavelengthsNm).toEqual([1000, 1003, 1010]);
    expect(row?.label).toEqual({ cotton: 60, polyester: 40 });
  });

  it('takes columns of other fibres, and counts cotton and viscose as one', () => {
    const [row] = parseSpectra(`${TITLES},viscose\n${ROW.replace('100', '60')},40\n`, 'x.csv');
    expect(row?.label).toEqual({ cotton: 60, viscose: 40 });
    expect(sharesOf(row?.label ?? {})).toEqual([{ fibre: 'cellulosic', percent: 100 }]);
  });

  it('takes labels as rounded as they are sewn, and rows of none of the fibres', () => {
    for (const cells of ['33.3,33.3,33.3', '99,0,0', '50,51,0', '0,0,0']) {
      const text = `${TITLES}\n${ROW.replace('100,0,0', cells)}`;
      expect(parseSpectra(text, 'x.csv')).toHaveLength(1);
    }
  });

  it('has one label for each swatch: what contradicts itself is told by both rows', () => {
    const polyester = ROW.replace('100,0', '0,100');
    expect(() => oneLabelEach(rows(ROW, ROW, polyester.replace('S1', 'S2')))).not.toThrow();
    expect(() => oneLabelEach(rows(ROW, ROW, polyester, polyester))).toThrow(
      'the swatch «S1» has two labels: x.csv:2 says cotton 100 %, x.csv:4 says polyester 100 %',
    );
    const none = ROW.replace('100', '0');
    expect(() => oneLabelEach(rows(none, none.replace('Cotton', 'Belt_background')))).toThrow(
      'x.csv:2 says none of the fibres, x.csv:3 says background',
    );
  });

  it('leaves what is no number in a spectrum to the gates', () => {
    const [row] = parseSpectra(`${TITLES}\n${ROW.replace('0.1,0.2', 'NaN,')}`, 'x.csv');
    expect([...(row?.values ?? [])]).toEqual([Number.NaN, Number.NaN, 0.3]);
  });

  it.each([
    ['x.csv:1: the file is empty', ''],
    ['x.csv: no row under', TITLES],
    ['x.csv:1: unknown column «colour»', `${TITLES},colour\n${ROW},red`],
    ['x.csv:1: unknown column «»', `${TITLES},\n${ROW},`],
    ['x.csv:1: unknown column «-5»', `${TITLES},-5\n${ROW},1`],
    ['x.csv:1: the column «cotton» is there twice', `${TITLES},cotton\n${ROW},1`],
    [
      'x.csv:1: missing column sample, acetate',
      `${TITLES.replace('sample,', '').replace('acetate,', '')}\n${ROW}`,
    ],
    ['x.csv:1: no columns of wavelengths', `${HEADER}\n${ROW}`],
    ['x.csv:1: wavelength 1002 does not rise', `${TITLES},1002\n${ROW},1`],
    ['x.csv:3: 12 cells, the first line names 13', `${TITLES}\n${ROW}\n${ROW.replace(',0.3', '')}`],
    ['x.csv:2: 14 cells', `${TITLES}\n${ROW},0.4`],
    ['x.csv:2: sample is empty', `${TITLES}\n${ROW.replace('S1', ' ')}`],
    ['x.csv:2: cotton is «much»', `${TITLES}\n${ROW.replace('100', 'much')}`],
    ['x.csv:2: cotton is «-1»', `${TITLES}\n${ROW.replace('100', '-1')}`],
    ['x.csv:2: the fibres add up to 140 %', `${TITLES}\n${ROW.replace('100,0', '100,40')}`],
    ['x.csv:2: the fibres add up to 30 %', `${TITLES}\n${ROW.replace('100,0', '30,0')}`],
    ['x.csv:2: the fibres add up to 98.9 %', `${TITLES}\n${ROW.replace('100,0', '60,38.9')}`],
    ['x.csv:2: the fibres add up to 1: these are fractions', `${TITLES}\n${ROW.replace('100,0', '0.6,0.4')}`],
    ['x.csv:2: «0,2» is not a number', `${TITLES}\n${ROW.replace('0.2', '"0,2"')}`],
    ['x.csv:2: a quote is not closed', `${TITLES}\n${ROW.replace('a.csv', '"a')}`],
  ])('is refused with its line: %s', (message, text) => {
    expect(() => parseSpectra(text, 'x.csv')).toThrow(message);
  });
});

describe('a folder of spectra', () => {
  it('gives every .csv in order of name, and says what is wrong with it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trame-spectra-'));
    try {
      expect(() => readSpectraFolder(folder)).toThrow('no .csv file in it');
      for (const name of ['b.CSV', 'a.csv', 'README.md'])
        writeFileSync(join(folder, name), `${TITLES}\n${ROW}\n`);
      mkdirSync(join(folder, 'c.csv'));
      const files = readSpectraFolder(folder);
      expect(files.map(({ name, rows }) => [name, rows.length])).toEqual([
        ['a.csv', 1],
        ['b.CSV', 1],
      ]);
      expect(files[0]?.sha256).toMatch(/^[0-9a-f]{64}$/u);
      expect(() => readSpectraFolder(join(folder, 'none'))).toThrow('there is no such folder');
      expect(() => readSpectraFolder(join(folder, 'a.csv'))).toThrow('not a folder');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a row', () => {
  it.each([
    ['known', { cotton: 100 }],
    ['known', { polyester: 97, acrylic: 3 }],
    ['known', { nylon: 100 }],
    ['blend', { cotton: 95, polyester: 5 }],
    ['blend', { wool: 35, polyester: 65 }],
    ['blend', { cotton: 50, polyester: 45, nylon: 5 }],
    ['known', { cotton: 60, viscose: 40 }],
    ['known', { flax: 100 }],
    ['blend', { viscose: 60, elastane: 40 }],
    ['unknown', { polypropylene: 100 }],
    ['unknown', { wool: 100 }],
    ['unknown', { acetate: 100 }],
    ['unknown', { acrylic: 98, cotton: 2 }],
    ['unknown', {}],
  ] as const)('is %s: %j', (kind, label) => {
    expect(rowKind({ label })).toBe(kind);
  });
});
