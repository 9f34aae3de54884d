import { bad, GOOD, uncertain } from '@trame/protocol/quality';
import { StatusCode, StatusCodes } from 'node-opcua';
import { expect, test } from 'vitest';
import { isOverflow, qualityOfStatus } from './status-quality.ts';

test.each([
  ['Good', GOOD],
  ['GoodClamped', GOOD],
  ['GoodLocalOverride', GOOD],
  ['Uncertain', uncertain('device-uncertain')],
  ['UncertainLastUsableValue', uncertain('device-uncertain')],
  ['UncertainSensorNotAccurate', uncertain('device-uncertain')],
  ['Bad', bad('device-bad')],
  ['BadSensorFailure', bad('device-bad')],
  ['BadOutOfService', bad('device-bad')],
  ['BadNodeIdUnknown', bad('refused')],
  ['BadNodeIdInvalid', bad('refused')],
  ['BadNotReadable', bad('refused')],
  ['BadUserAccessDenied', bad('refused')],
  ['BadAttributeIdInvalid', bad('refused')],
  ['BadIndexRangeInvalid', bad('refused')],
  ['BadNotSupported', bad('refused')],
  ['BadMonitoredItemFilterUnsupported', bad('refused')],
  ['BadTooManyMonitoredItems', bad('refused')],
  ['BadSecurityModeInsufficient', bad('refused')],
  ['BadCommunicationError', bad('device-offline')],
  ['BadNoCommunication', bad('device-offline')],
  ['BadServerNotConnected', bad('device-offline')],
  ['BadTimeout', bad('device-offline')],
  ['BadWaitingForInitialData', bad('never-read')],
] as const)('%s, numbered by the library, is %o', (name, quality) => {
  expect(qualityOfStatus(StatusCodes[name].value)).toEqual(quality);
});

test('flags in the low half do not change the quality', () => {
  expect(qualityOfStatus(0x0000_0480)).toEqual(GOOD);
  expect(qualityOfStatus(0x8034_0400)).toEqual(bad('refused'));
});

test('the reserved severity is bad', () => {
  expect(qualityOfStatus(0xc000_0000)).toEqual(bad('device-bad'));
});

test('overflow counts only as a flag of a data value', () => {
  const flagged = StatusCode.makeStatusCode(StatusCodes.Good, 'Overflow | InfoTypeDataValue');
  expect(isOverflow(flagged.value)).toBe(true);
  expect(isOverflow(0x0000_0080)).toBe(false);
  expect(isOverflow(StatusCodes.GoodOverload.value)).toBe(false);
});
