import { describe, expect, it } from 'vitest';
import { deviceTopic, nodeTopic, parseTopic, stateTopic } from './topic.ts';

describe('Sparkplug topics', () => {
  it('are read back as they were made', () => {
    expect(parseTopic(nodeTopic('NBIRTH', 'site', 'tri-1'))).toStrictEqual({
      kind: 'node',
      message: 'NBIRTH',
      group: 'site',
      node: 'tri-1',
    });
    expect(parseTopic(deviceTopic('DDATA', 'site', 'tri-1', 'press'))).toStrictEqual({
      kind: 'device',
      message: 'DDATA',
      group: 'site',
      node: 'tri-1',
      device: 'press',
    });
    expect(parseTopic(stateTopic('trame'))).toStrictEqual({ kind: 'state', host: 'trame' });
  });

  it.each([
    'spBv1.0',
    'spBv1.0/site/NBIRTH',
    'spBv1.0/site/NBIRTH/line/device',
    'spBv1.0/site/DDATA/line',
    'spBv1.0/site/DDATA/line/a/b',
    'spBv1.0/site//line',
    'spBv1.0/STATE/a/b',
    'spAv1.0/site/NBIRTH/line',
    'trame/v1/site/line/ledger',
  ])('refuse %s', (topic) => {
    expect(parseTopic(topic)).toBeNull();
  });
});
