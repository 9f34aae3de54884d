/** Where the ledger keeps what was last stated of a scale's verification, so that a restart knows it. */
import { payloadFault, type ScaleVerified } from '@trame/protocol/ledger-payloads';

/** @returns the name of the mark of this scale. */
export function scaleVerifiedMark(scale: string): string {
  return `scale.verified.${scale}`;
}

/** @param text of the mark; null: nothing was stated. @throws when the mark is not what was written. */
export function readScaleVerified(text: string | null): ScaleVerified | null {
  if (text === null) return null;
  const value: Record<string, unknown> = JSON.parse(text);
  const fault = payloadFault('scale.verified', value);
  if (fault !== null) throw new Error(`the ledger holds no verification of a scale under its mark: ${fault}`);
  return value as ScaleVerified;
}
