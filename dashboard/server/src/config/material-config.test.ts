/** `material:` of dashboard.yaml: what is taken, and how what is not is told. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { issueText, parseConfig } from './parse-config.ts';

function faults(text: string): string[] {
  const read = parseConfig(text);
  return read.kind === 'ok' ? [] : read.issues.map((issue) => issueText('dashboard.yaml', issue));
}

const EXAMPLE = new URL('../../../../deploy/config.example/dashboard.yaml', import.meta.url);

describe('material: of dashboard.yaml', () => {
  it('is taken as the example writes it', () => {
    const lines = readFileSync(EXAMPLE, 'utf8').split('\n');
    const start = lines.indexOf('# material:');
    const section = lines.slice(start).map((line) => line.replace(/^# ?/u, ''));
    const read = parseConfig(section.join('\n'));
    expect(read).toMatchObject({
      kind: 'ok',
      config: {
        material: {
          bookKeeper: 'tri-1',
          outlets: [{ id: 'essuyage', packagingKg: 2 }],
          gs1: { prefix: '3012345' },
          kiosk: { dpi: 96 },
        },
      },
    });
    const keys = Object.keys((read.kind === 'ok' ? read.config.material : undefined) ?? {});
    expect(keys).toHaveLength(11);
  });

  it.each([
    ['material: 5', '1:1 material: expected {bookKeeper, outlets, '],
    ['material:\n  outlet: []', '2:3 material.outlet: unknown key'],
    ['material:\n  bookKeeper: a b', '2:3 material.bookKeeper: expected the name of a line'],
    [
      'material:\n  outlets:\n    - { id: a, label: A }\n    - { id: a, label: B }',
      '4:7 material.outlets.1: «a» is there already, as number 1',
    ],
    [
      'material:\n  outlets:\n    - id: a\n      label: A\n      usualKg: { min: 9, max: 8 }',
      '5:7 material.outlets.0.usualKg: min 9 is above max 8',
    ],
    [
      'material:\n  outlets:\n    - { id: a, label: A }\n  presses:\n    - id: p\n      label: P\n      outlets: [a, b]',
      '7:20 material.presses.0.outlets.1: «b» is no outlet of material.outlets',
    ],
    [
      'material:\n  scales:\n    - { id: s, label: S, use: any }\n  presses:\n    - id: p\n      label: P\n      scale: t',
      '7:7 material.presses.0.scale: «t» is no scale of material.scales',
    ],
    [
      'material:\n  printers:\n    - { id: z, label: Z, url: "tcp://h:9100", presses: [presse-2] }',
      '3:57 material.printers.0.presses.0: «presse-2» is no press of material.presses',
    ],
    [
      'material:\n  printers:\n    - { id: z, label: Z, url: "tcp://h:99999" }',
      '3:26 material.printers.0.url: «tcp://h:99999» is no address: expected tcp://host:9100',
    ],
    [
      'material:\n  gs1: { prefix: 3012345 }',
      '2:10 material.gs1.prefix: expected the 6 to 12 digits of a GS1 company prefix, between quotes',
    ],
    [
      'material:\n  ownDomain: https://x/',
      '2:3 material.ownDomain: expected https://… without a slash at its end',
    ],
  ])('%j is refused: %s', (text, message) => {
    const found = faults(text);
    expect(found).toHaveLength(1);
    expect(found[0]?.slice(0, `dashboard.yaml:${message}`.length)).toBe(`dashboard.yaml:${message}`);
  });
});
