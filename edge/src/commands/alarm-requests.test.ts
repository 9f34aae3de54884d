import { MOTION_EXPIRY_MS } from '@trame/protocol/command';
import { describe, expect, it } from 'vitest';
import type { AlarmRequests } from '../ports/alarm-requests.ts';
import { answerTo, request, signed, TestDesk } from './test-desk.ts';

const BEAT = { boot: '0123456789abcdef', tick: 7 };
const ASKED = { command: 'alarm.outOfService', args: { alarm: 'jam', reason: 'en réparation' } } as const;

/** Alarms that refuse whatever is asked of them, and how often they were asked. */
function refusing(): AlarmRequests & { asked: number } {
  return {
    asked: 0,
    decide() {
      this.asked += 1;
      return { kind: 'refused', refusal: 'out-of-service', detail: 'déjà hors service' };
    },
    settled: () => {},
  };
}

describe('a request about an alarm', () => {
  it('that was refused is not even looked at when somebody sends it again later', async () => {
    const alarms = refusing();
    await using desk = new TestDesk(undefined, null, alarms);
    desk.start();
    desk.desk.heartbeatSaid(BEAT);
    const message = signed(request({ ...ASKED, heartbeat: BEAT }), desk.server);
    expect(await answerTo(desk, message)).toMatchObject({ code: 'refused', refusal: 'out-of-service' });
    await desk.clock.advance(MOTION_EXPIRY_MS + 1);
    expect(await answerTo(desk, message)).toMatchObject({ code: 'expired' });
    expect(alarms.asked).toBe(1);
  });

  it('that quotes no heartbeat, as dashboards of before did, is taken whenever it comes', async () => {
    const alarms = refusing();
    await using desk = new TestDesk(undefined, null, alarms);
    desk.start();
    const message = signed(request(ASKED), desk.server);
    await desk.clock.advance(MOTION_EXPIRY_MS + 1);
    expect(await answerTo(desk, message)).toMatchObject({ code: 'refused', refusal: 'out-of-service' });
    expect(alarms.asked).toBe(1);
  });
});
