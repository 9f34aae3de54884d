/** Names come from outside: one that JavaScript objects know already is a name like any other. */
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { deviceTopic, nodeTopic } from '@trame/protocol/sparkplug/topic';
import { isId } from '@trame/protocol/topics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthOf } from '../http/health.ts';
import { data, declared, nodeBirth } from '../testing/payloads.ts';
import { testIngester } from '../testing/test-ingester.ts';
import { isMetricName } from './device-session.ts';

const PROTOTYPE_NAMES = [...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'plain'];
const name = fc.constantFrom(...PROTOTYPE_NAMES);
const atMs = 1_700_000_000_000;
const composition = { cotton: 100 };

/** Births a line with one device, sends data twice, then ends device and line. */
function run(site: string, line: string, device: string, metric: string, outlet: string) {
  const made = testIngester();
  const { ingester } = made;
  const description = { stations: [], outlets: [{ id: outlet, label: outlet, route: 'reuse', composition }] };
  const metrics = [declared({ name: metric, alias: 1, type: DATA_TYPE.double, value: 1 })];
  const values = [{ alias: 1, type: DATA_TYPE.double, omitType: true, value: 2 }];
  ingester.message(
    nodeTopic('NBIRTH', site, line),
    nodeBirth({ atMs, bdSeq: 1, description: JSON.stringify(description) }),
    false,
  );
  ingester.message(deviceTopic('DDATA', site, line, device), data(atMs, 1, values), false);
  ingester.message(deviceTopic('DBIRTH', site, line, device), data(atMs, 2, metrics), false);
  ingester.message(deviceTopic('DDATA', site, line, device), data(atMs, 3, values), false);
  return made;
}

describe('names that every object of JavaScript knows', () => {
  it('are names like any other for a site, a line, a device, a metric and an outlet', () => {
    fc.assert(
      fc.property(name, name, name, name, name, (site, line, device, metric, outlet) => {
        const { picture, ingester, compositions } = run(site, line, device, metric, outlet);
        const fit = isId(site) && isId(line);
        expect(Object.keys(picture.state.lines)).toEqual(fit ? [line] : []);
        expect(compositions.of(line, outlet)).toEqual(fit && isId(outlet) ? composition : null);
        expect(compositions.of(line, 'valueOf2')).toBeNull();
        healthOf(picture, { stored: 1, buffered: 0, overflowed: 0, refused: 0, healthy: true }, true, true);
        if (!fit) return;
        const shown = isId(device) && isMetricName(metric);
        const tags = Object.entries(picture.line(line)?.devices[device]?.tags ?? {});
        expect(tags.map(([tag, { value }]) => [tag, value])).toEqual(shown ? [[metric, 2]] : []);
        const ops = picture.changed.take(picture.state);
        expect(JSON.parse(JSON.stringify(ops))).toMatchObject([{ path: ['lines', line] }]);
        ingester.linkLost();
        expect(picture.line(line)?.state).toBe('offline');
      }),
    );
  });

  it('are not in the picture before somebody bears them', () => {
    const { picture } = testIngester();
    for (const one of PROTOTYPE_NAMES) expect([one, picture.line(one)]).toEqual([one, null]);
  });
});
