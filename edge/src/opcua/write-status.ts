/** What a status says of a write or a call: whether anything can have happened. */

/** The server looked at the request and did not carry it out (OPC 10000-4 §5.10.4, §5.11.2, §7.39.1). */
const NOTHING_DONE: ReadonlySet<string> = new Set([
  'BadArgumentsMissing',
  'BadAttributeIdInvalid',
  'BadDataEncodingUnsupported',
  'BadIndexRangeInvalid',
  'BadInvalidArgument',
  'BadInvalidState',
  'BadLocked',
  'BadMethodInvalid',
  'BadNodeIdInvalid',
  'BadNodeIdUnknown',
  'BadNotExecutable',
  'BadNotImplemented',
  'BadNotSupported',
  'BadNotWritable',
  'BadOutOfRange',
  'BadRequestNotAllowed',
  'BadSecurityModeInsufficient',
  'BadTooManyArguments',
  'BadTypeMismatch',
  'BadUserAccessDenied',
  'BadWriteNotSupported',
]);

/** A whole service that the server turned away; what the library says of itself when a connection ends is not here. */
const TURNED_AWAY: ReadonlySet<string> = new Set([
  'BadServiceUnsupported',
  'BadSessionIdInvalid',
  'BadSessionNotActivated',
  'BadTooManyOperations',
  'BadUserAccessDenied',
]);

/** @param name of a bad status of one operation. */
export function isRefusal(name: string): boolean {
  return NOTHING_DONE.has(name);
}

/** @param name of the status with which a service failed, null when it failed without one. */
export function isTurnedAway(name: string | null): name is string {
  return name !== null && TURNED_AWAY.has(name);
}
