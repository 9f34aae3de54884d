import { expect, test } from 'vitest';
import { networkCause } from './install.mjs';

test.each([
  [
    'npm error code ENOTFOUND\nnpm error network request to https://registry.npmjs.org/long failed',
    'ENOTFOUND',
  ],
  ['npm error code EAI_AGAIN', 'EAI_AGAIN'],
  ['request to http://127.0.0.1:9/long failed, reason: connect ECONNREFUSED 127.0.0.1:9', 'ECONNREFUSED'],
  ['npm error code SELF_SIGNED_CERT_IN_CHAIN', 'SELF_SIGNED_CERT_IN_CHAIN'],
  ['npm error code UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['error sending request for url (https://registry.npmjs.org/long)', 'no answer'],
])('the network error in «%s» is %s', (output, cause) => {
  expect(networkCause(output)).toBe(cause);
});

test('another fault is not taken for the network', () => {
  expect(networkCause('ERR_PNPM_OUTDATED_LOCKFILE Cannot install with "frozen-lockfile"')).toBeNull();
  expect(networkCause('npm error code E404\nnpm error 404 Not Found')).toBeNull();
});
