import type { ConfigMap } from './config-node.ts';

/** A user and a password come together: one without the other is reported as missing. */
export function checkCredentials(
  map: ConfigMap,
  user: string | null | undefined,
  passwordFile: string | null | undefined,
  userKey: string,
): void {
  if (user === null && typeof passwordFile === 'string') map.at.missing(userKey);
  if (passwordFile === null && typeof user === 'string') map.at.missing('passwordFile');
}
