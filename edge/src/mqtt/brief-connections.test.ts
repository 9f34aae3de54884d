import { describe, expect, it } from 'vitest';
import { BRIEF_CONNECTION_MS, BriefConnections } from './brief-connections.ts';

const REASON = 'the broker closed the connection';

describe('connections that end soon after they were accepted', () => {
  it('make another client with the same id suspect, at the third in a row', () => {
    const brief = new BriefConnections('trame-edge:caux:tri-1');
    expect([brief.ended(REASON, 300), brief.ended(REASON, 4000)]).toEqual([REASON, REASON]);
    expect(brief.ended(REASON, BRIEF_CONNECTION_MS - 1)).toMatch(
      /may use the same id «trame-edge:caux:tri-1»$/u,
    );
    expect(brief.ended(REASON, 300)).toMatch(/may use the same id/u);
  });

  it.each([
    ['one that held', BRIEF_CONNECTION_MS],
    ['one that was never accepted', null],
  ])('are counted anew after %s', (_, heldMs) => {
    const brief = new BriefConnections('x');
    const reasons = [300, 300, heldMs, 300, 300].map((held) => brief.ended(REASON, held));
    expect(new Set(reasons)).toEqual(new Set([REASON]));
  });
});
