import { MOTION_EXPIRY_MS } from '@trame/protocol/command';
import { describe, expect, it } from 'vitest';
import { answerTo, request, signed, TestDesk } from './test-desk.ts';

const BOOT = '0123456789abcdef';

describe('a request', () => {
  it('that quotes a heartbeat is done while it is fresh, and answered as before when it comes again', async () => {
    await using desk = new TestDesk();
    desk.start();
    desk.desk.heartbeatSaid({ boot: BOOT, tick: 7 });
    await desk.clock.advance(MOTION_EXPIRY_MS);
    const message = signed(request({ heartbeat: { boot: BOOT, tick: 7 } }), desk.server);
    expect(await answerTo(desk, message)).toMatchObject({ code: 'done', seq: 1 });
    await desk.clock.advance(1);
    expect(await answerTo(desk, message)).toMatchObject({ code: 'already-done', seq: 1 });
  });

  it.each([
    ['that is too old', { boot: BOOT, tick: 7 }, {}],
    ['of before a restart', { boot: 'fedcba9876543210', tick: 8 }, {}],
    ['that this edge never said', { boot: BOOT, tick: 9 }, {}],
    ['that is too old for whatever it asks', { boot: BOOT, tick: 7 }, { command: 'line.start', args: {} }],
  ])('that quotes a heartbeat %s is expired, and changes nothing', async (_, heartbeat, over) => {
    await using desk = new TestDesk();
    desk.start();
    desk.desk.heartbeatSaid({ boot: BOOT, tick: 7 });
    await desk.clock.advance(MOTION_EXPIRY_MS + 1);
    desk.desk.heartbeatSaid({ boot: BOOT, tick: 8 });
    const reply = await answerTo(desk, signed(request({ ...over, heartbeat }), desk.server));
    expect(reply).toMatchObject({ code: 'expired', seq: null });
    expect([desk.ledger.events, desk.desk.counts.refused]).toEqual([[], 1]);
  });

  it('that quotes a heartbeat is expired where none was said yet', async () => {
    await using desk = new TestDesk();
    desk.start();
    const asked = request({ heartbeat: { boot: BOOT, tick: 1 } });
    expect(await answerTo(desk, signed(asked, desk.server))).toMatchObject({ code: 'expired' });
  });
});
