import { expect, test } from 'vitest';
import { DeadlineExceeded } from './deadline.ts';
import { explainFailure, Refusal } from './explain-failure.ts';

const ANONYMOUS = {
  url: 'opc.tcp://plc:4840',
  security: { mode: 'None', policy: 'None', user: null, passwordFile: null },
} as const;
const NAMED = { ...ANONYMOUS, security: { ...ANONYMOUS.security, user: 'trame' } };

test.each([
  [ANONYMOUS, 'Cannot find ANONYMOUS user token policy in end point description', /wants a user/u],
  [
    NAMED,
    'Cannot find USERNAME user token policy in end point description',
    /refuses user trame \(no sign-in/u,
  ],
  [NAMED, 'ServiceResult is BadIdentityTokenRejected (0x80210000)', /refuses user trame \(BadIdentityToken/u],
  [ANONYMOUS, 'BadTooManySessions (0x80560000)', /no free session/u],
  [ANONYMOUS, 'rejected by server: BadSecurityChecksFailed (0x80130000)', /\/pki\/own\/certs there/u],
] as const)('%o: %s', (device, message, reason) => {
  expect(explainFailure(device, '/pki', new Error(message))).toMatch(reason);
});

test('words made for a person pass as they are', () => {
  expect(explainFailure(ANONYMOUS, '/pki', new Refusal('no'))).toBe('no');
  expect(explainFailure(ANONYMOUS, '/pki', new DeadlineExceeded('late'))).toBe('late');
});

test('anything else is one short line that names the server once', () => {
  const long = `a\n  b ${'x'.repeat(1000)}`;
  const reason = explainFailure(ANONYMOUS, '/pki', new Error(long));
  expect(reason).toMatch(/^opc\.tcp:\/\/plc:4840: a b x+$/u);
  expect(reason.length).toBeLessThan(400);
  const named = explainFailure(ANONYMOUS, '/pki', new Error('cannot reach opc.tcp://plc:4840'));
  expect(named).toBe('cannot reach opc.tcp://plc:4840');
});
