/** Lines that nobody knows yet: only one that is born takes a place. */
import { nodeTopic } from '@trame/protocol/sparkplug/topic';
import { describe, expect, it } from 'vitest';
import { data, nodeBirth, nodeDeath } from '../testing/payloads.ts';
import { testIngester } from '../testing/test-ingester.ts';
import { LINES_MAX, REBIRTH_INTERVAL_MS } from './limits.ts';
import { STRANGERS_MAX } from './strangers.ts';

const atMs = 1_700_000_000_000;
const birth = nodeBirth({ atMs, bdSeq: 1 });
const junk = data(atMs, 7, []);

describe('a line that nobody knows', () => {
  it('takes no place by data, a death or a birth that is none, so that true lines still come in', () => {
    const { ingester, picture, rejections } = testIngester();
    const noBirth = nodeDeath(atMs, 1);
    for (let index = 0; index < 2 * LINES_MAX; index += 1) {
      ingester.message(nodeTopic('NDATA', 'caux', `data${index}`), junk, false);
      ingester.message(nodeTopic('NDEATH', 'caux', `dead${index}`), noBirth, false);
      ingester.message(nodeTopic('NBIRTH', 'caux', `none${index}`), noBirth, false);
    }
    for (let index = 0; index < LINES_MAX; index += 1) {
      ingester.message(nodeTopic('NBIRTH', 'caux', `tri-${index}`), birth, false);
    }
    expect(Object.keys(picture.state.lines)).toHaveLength(LINES_MAX);
    expect(rejections).not.toContain('too-many-lines');
    expect(rejections.filter((one) => one === 'before-birth')).toHaveLength(2 * LINES_MAX);
    ingester.message(nodeTopic('NBIRTH', 'caux', 'one-more'), birth, false);
    expect(rejections).toContain('too-many-lines');
  });

  it('is asked for its birth once in an interval, and not more strangers than the bound', () => {
    const { ingester, asked, wait } = testIngester();
    for (let index = 0; index < 3 * STRANGERS_MAX; index += 1) {
      ingester.message(nodeTopic('NDATA', 'caux', `s${Math.floor(index / 2)}`), junk, false);
    }
    expect(asked).toHaveLength(STRANGERS_MAX);
    expect(new Set(asked).size).toBe(STRANGERS_MAX);
    wait(REBIRTH_INTERVAL_MS);
    ingester.message(nodeTopic('NDATA', 'caux', 's0'), junk, false);
    ingester.message(nodeTopic('NDATA', 'caux', 'late'), junk, false);
    expect(asked.slice(STRANGERS_MAX)).toEqual(['caux/s0', 'caux/late']);
  });
});
