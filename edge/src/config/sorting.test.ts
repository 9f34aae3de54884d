import { describe, expect, it } from 'vitest';
import { formatIssue } from './issue.ts';
import { parseLineConfig } from './parse-line-config.ts';

const DEVICES = `site: s
line: l
devices:
  - id: nir
    driver: opcua
    url: opc.tcp://h:4841
    tags: [{ name: t, node: i=1 }]
    ring:
      seq: s=Seq
      size: 256
      result: { seq: "s=R.{place}.Seq", at: "s=R.{place}.At", spectrum: "s=R.{place}.Spectrum" }
      wavelengths: { from: 940, step: 4, count: 186 }
      quantity: absorbance
  - id: plc
    driver: opcua
    url: opc.tcp://h:4840
    tags: [{ name: t, node: i=1 }]
    verdicts: { node: s=Verdicts }
`;
const SORTING = `sorting:
  nir: nir
  sorter: plc
  model: sim-v1
  programme: tri/outlets.yaml
  fallback: manuel
  outlets: { polymere: 5, manuel: 8 }
`;

function sortingOf(text: string) {
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  return parsed.config.sorting;
}

function alarmsOf(text: string) {
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  return parsed.config.alarms;
}

function issuesOf(text: string): string[] {
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
  return parsed.kind === 'ok' ? [] : parsed.issues.map(formatIssue);
}

describe('sorting:', () => {
  it('names a station, a sorter, a model, a programme and outlets; files lie in the data directory', () => {
    expect(sortingOf(`${DEVICES}${SORTING}`)).toMatchObject({
      nir: 'nir',
      sorter: 'plc',
      model: { kind: 'shipped', id: 'sim-v1' },
      programme: { kind: 'file', path: '/data/tri/outlets.yaml' },
      fallback: 'manuel',
      outlets: { polymere: 5, manuel: 8 },
      keep: { pieces: 200_000, spectra: 20_000 },
    });
    const kept = `${DEVICES}${SORTING}  keep: { pieces: 10, spectra: 0 }\n`;
    expect(sortingOf(kept)?.keep).toEqual({ pieces: 10, spectra: 0 });
  });

  it('has its alarms by itself, each with its words, and none of them without it', () => {
    const OF_SORTING = ['nir-drift', 'class-shares', 'spectra-missed'];
    const without = alarmsOf(DEVICES).map(({ id }) => id);
    const added = alarmsOf(`${DEVICES}${SORTING}`).filter(({ id }) => !without.includes(id));
    expect(added.map(({ id, source, device }) => [id, source, device])).toEqual(
      OF_SORTING.map((id) => [id, id, 'nir']),
    );
    for (const { label, cause, consequence, response } of added) {
      for (const words of [cause, consequence, response]) {
        expect(words.length).toBeGreaterThan(20);
        expect(words.length).toBeLessThanOrEqual(500);
      }
      expect(label.length).toBeLessThanOrEqual(80);
    }
    const words = 'priority: 3, label: L, cause: C, consequence: D, response: R';
    expect(issuesOf(`${DEVICES}alarms: [{ id: a, ${words}, source: class-shares }]\n`)).toEqual([
      'line.yaml:19:10 alarms[0]: pieces are not sorted by their spectra: there is no section sorting',
    ]);
  });

  it('is there only where it is written', () => {
    expect(sortingOf(DEVICES)).toBeNull();
  });

  it.each([
    ['nir: nir', 'nir: plc', '20:8 sorting.nir: unknown device with a ring "plc"'],
    ['sorter: plc', 'sorter: nir', '21:11 sorting.sorter: unknown device with verdicts "nir"'],
    ['fallback: manuel', 'fallback: rebut', '24:13 sorting.fallback: unknown outlet of the sorter "rebut"'],
    ['polymere: 5', 'polymere: 0', 'sorting.outlets.polymere: expected the number of the outlet'],
    ['polymere: 5', '"po ly": 5', '«po ly» is no id of an outlet'],
    ['model: sim-v1', 'modell: sim-v1', '22:3 sorting.modell: unknown key, did you mean model?'],
    ['  model: sim-v1\n', '', 'sorting.model: required key is missing'],
    ['  outlets: { polymere: 5, manuel: 8 }\n', '', 'sorting.outlets: required key is missing'],
  ])('with %s as %s is refused, with line and column', (from, to, expected) => {
    const issues = issuesOf(`${DEVICES}${SORTING.replace(from, to)}`);
    expect(issues.join('\n')).toContain(expected);
  });
});
