/** What an OPC UA status code says about a value (OPC 10000-4 §7.39). Only the bits, no library. */
import { bad, GOOD, uncertain, type Quality, type QualityReason } from '@trame/protocol/quality';

/** Severity (bits 31–30) and code (bits 27–16); the low half holds flags such as limits and overflow. */
const CODE_MASK = 0xffff_0000;
/** InfoType DataValue (bit 10) together with Overflow (bit 7): the flags mean nothing without the type. */
const OVERFLOW_FLAGS = 0x0480;
const GOOD_SEVERITY = 0b00;
const UNCERTAIN_SEVERITY = 0b01;

/**
 * Bad codes that say more than «the device says bad». Names and numbers: OPC 10000-6 annex A.2.
 */
const BAD_REASONS: ReadonlyMap<number, QualityReason> = new Map([
  // The device does not want to, or cannot, give this node.
  [0x801f_0000, 'refused'], // BadUserAccessDenied
  [0x8033_0000, 'refused'], // BadNodeIdInvalid
  [0x8034_0000, 'refused'], // BadNodeIdUnknown
  [0x8035_0000, 'refused'], // BadAttributeIdInvalid
  [0x8036_0000, 'refused'], // BadIndexRangeInvalid
  [0x803a_0000, 'refused'], // BadNotReadable
  [0x803d_0000, 'refused'], // BadNotSupported
  [0x8044_0000, 'refused'], // BadMonitoredItemFilterUnsupported
  [0x80db_0000, 'refused'], // BadTooManyMonitoredItems
  [0x80e6_0000, 'refused'], // BadSecurityModeInsufficient
  // The server stands between us and a device that does not answer it.
  [0x8005_0000, 'device-offline'], // BadCommunicationError
  [0x800a_0000, 'device-offline'], // BadTimeout
  [0x800d_0000, 'device-offline'], // BadServerNotConnected
  [0x8031_0000, 'device-offline'], // BadNoCommunication
  [0x8032_0000, 'never-read'], // BadWaitingForInitialData
]);

/** @returns the quality of a value with this status, before its overflow flag is looked at. */
export function qualityOfStatus(status: number): Quality {
  // Shifts and masks give signed numbers in JavaScript; `>>> 0` makes them unsigned again.
  const severity = status >>> 30;
  if (severity === GOOD_SEVERITY) return GOOD;
  if (severity === UNCERTAIN_SEVERITY) return uncertain('device-uncertain');
  return bad(BAD_REASONS.get((status & CODE_MASK) >>> 0) ?? 'device-bad');
}

/** @returns whether the server's queue overflowed before this value: samples were lost. */
export function isOverflow(status: number): boolean {
  return (status & OVERFLOW_FLAGS) === OVERFLOW_FLAGS;
}
