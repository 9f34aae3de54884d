import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatIssue } from './issue.ts';
import { loadLineConfig } from './load-line-config.ts';
import { parseLineConfig } from './parse-line-config.ts';
import { CONTROLLED_EXAMPLE } from './testing/controlled-example.ts';

const RARELY = 'is read every 2000 ms: within 500 ms a press, a switch or a door is seen';

/** What a person is warned of, with its place. */
function warningsOf(text: string): readonly string[] {
  const parsed = parseLineConfig(text, 'line.yaml', { dataDir: '/data' });
  if (parsed.kind === 'invalid') throw new Error(parsed.issues.map(formatIssue).join('\n'));
  return parsed.warnings.map(({ path, message }) => `${path}: ${message}`);
}

/** The tags of the PLC that control hangs on, sampled so, and the device stale after so long. */
function sampled(tags: readonly string[], sampling: string, staleAfter = '5s'): string {
  const text = CONTROLLED_EXAMPLE.replace(
    'opc.tcp://h:4840',
    `opc.tcp://h:4840\n    staleAfter: ${staleAfter}`,
  );
  return tags.reduce(
    (so, tag) => so.replace(`{ name: ${tag},`, `{ name: ${tag}, sampling: ${sampling}, queue: 1000,`),
    text,
  );
}

describe('what control hangs on', () => {
  it('is read often enough in an ordinary line, and in the examples', async () => {
    expect(warningsOf(CONTROLLED_EXAMPLE)).toEqual([]);
    expect(warningsOf(sampled(['remote', 'enable', 'doors'], '500ms'))).toEqual([]);
    expect(warningsOf(sampled(['routeA', 'programme', 'version'], '1500ms'))).toEqual([]);
    expect(warningsOf(sampled(['speed'], '1min', '5min')).filter((text) => text.includes('speed'))).toEqual(
      [],
    );
    const examples = join(import.meta.dirname, '../../../deploy/config.example');
    const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(^|\/)line[^/]*\.yaml$/u.test(name),
    );
    expect(files.length).toBeGreaterThan(4);
    for (const name of files) {
      const parsed = await loadLineConfig(join(examples, name), { dataDir: '/data' });
      expect([name, parsed.kind === 'ok' ? parsed.warnings : parsed.issues]).toEqual([name, []]);
    }
  });

  it('is warned of when it is read too rarely', () => {
    expect(warningsOf(sampled(['remote', 'enable', 'doors'], '2s'))).toEqual([
      `control.remote: plc/remote ${RARELY}`,
      `control.localEnable: plc/enable ${RARELY}`,
      `control.interlocks[0].when: plc/doors ${RARELY}`,
    ]);
    const table =
      'is read every 2000 ms: a programme that is loaded is looked for in what is read for 3000 ms';
    expect(warningsOf(sampled(['routeB', 'programme', 'version'], '2s'))).toEqual([
      `control.sorter.table: plc/routeB ${table}`,
      `control.sorter.programme: plc/programme ${table}`,
      `control.sorter.version: plc/version ${table}`,
    ]);
  });

  it('is warned of when its values count for long after they were read', () => {
    const stop = CONTROLLED_EXAMPLE.replace(
      'roles:\n',
      `  - id: panel
    driver: modbus
    url: tcp://p
    groups: [{ every: 200ms, staleAfter: 10min, tags: [{ name: stop, register: discrete, address: 0 }] }]
roles:
  safety: { device: panel, emergencyStop: stop }
`,
    );
    const long =
      'counts for 600000 ms after it was read: what a line is started on is not older than 5000 ms';
    expect(warningsOf(stop)).toEqual([`roles.safety.emergencyStop: panel/stop ${long}`]);
    expect(warningsOf(sampled([], '', '10min'))).toEqual(
      ['remote', 'localEnable', 'interlocks[0].when'].map((place, index) => {
        return `control.${place}: plc/${['remote', 'enable', 'doors'][index]} ${long}`;
      }),
    );
  });
});
