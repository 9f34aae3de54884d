import { describe, expect, it } from 'vitest';
import { readHistory, readSession, readTonnage } from './read-bodies.ts';

const session = {
  login: 'a',
  role: 'supervisor',
  expiresAt: 5,
  installation: 'demo',
  timeZone: 'Europe/Paris',
  actorRef: '0123456789abcdef',
};
const history = {
  tag: 'a/b/c',
  from: 1,
  to: 2,
  everyMs: 1,
  points: [{ t: 1, value: null, min: null, max: null, quality: 0 }],
  gaps: [{ from: 1, to: 2, samples: null, reason: 'spool-full' }],
  gapsTruncated: true,
  truncated: false,
};
const tonnage = {
  rows: [{ id: 'r', key: 'creme', t: 1.25, GJ: null }],
  total: { t: 1.25, GJ: null },
  from: '2026-11-01',
  to: '2026-12-01',
};

describe('bodies of the interface', () => {
  it('are read when they have the agreed shape', () => {
    expect(readSession({ ...session, more: 1 })).toEqual(session);
    expect(readHistory(history)).toEqual(history);
    expect(readTonnage(tonnage)).toEqual(tonnage);
  });

  it.each([
    null,
    [],
    'x',
    { ...session, role: 'root' },
    { ...session, installation: 'test' },
    { ...session, expiresAt: '5' },
    { ...session, timeZone: null },
  ])('are no session otherwise: %j', (body) => expect(readSession(body)).toBeNull());

  it.each([
    {},
    { ...history, points: [{ t: 1 }] },
    { ...history, points: [{ t: 1, value: 'NaN', min: null, max: null, quality: 0 }] },
    { ...history, everyMs: Number.NaN },
    { ...history, gaps: undefined },
    { ...history, gapsTruncated: undefined },
    { ...history, gaps: [{ from: 1, to: 2, samples: null, reason: 'rain' }] },
    { ...history, gaps: [{ from: 1, to: 'now', samples: 3, reason: 'too-old' }] },
  ])('are no history otherwise: %j', (body) => expect(readHistory(body)).toBeNull());

  it.each([
    {},
    { ...tonnage, rows: [{ key: 'creme', t: 1, GJ: null }] },
    { ...tonnage, rows: [{ id: 'r', key: 'creme', t: Number.POSITIVE_INFINITY, GJ: null }] },
    { ...tonnage, total: { t: null, GJ: null } },
  ])('are no tonnage otherwise: %j', (body) => expect(readTonnage(body)).toBeNull());
});
