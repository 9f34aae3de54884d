/** Why there is no session, in words that a person at the line can act on. */
import { join } from 'node:path';
import type { OpcuaDeviceConfig } from '../domain/line-config.ts';
import { DeadlineExceeded } from './deadline.ts';
import { reasonOf, statusNameOf } from './service-failure.ts';

/** A failure that already has its words for a person. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** The library looks for a way to sign in before it asks the server, and says so in its own words. */
const NO_WAY_TO_SIGN_IN = /user token policy/u;

export function explainFailure(
  { url, security }: Pick<OpcuaDeviceConfig, 'url' | 'security'>,
  pkiDirectory: string,
  error: unknown,
): string {
  if (error instanceof Refusal || error instanceof DeadlineExceeded) return error.message;
  const status = statusNameOf(error);
  const said = reasonOf(error);
  switch (status ?? (NO_WAY_TO_SIGN_IN.test(said) ? 'no such sign-in' : null)) {
    case 'BadIdentityTokenRejected':
    case 'BadIdentityTokenInvalid':
    case 'BadUserAccessDenied':
    case 'no such sign-in':
      return security.user === null
        ? `${url} wants a user (${status ?? 'no anonymous sign-in'}): set security.user and passwordFile`
        : `${url} refuses user ${security.user} (${status ?? 'no sign-in by name'}): check user and passwordFile`;
    case 'BadTooManySessions':
      return `${url} has no free session (${status}): close another client or raise its limit`;
    case 'BadSecurityChecksFailed':
    case 'BadCertificateUntrusted':
      return `${url} refuses our certificate (${status}): trust the one in ${join(pkiDirectory, 'own', 'certs')} there`;
    default:
      return said.includes(url) ? said : `${url}: ${said}`;
  }
}
