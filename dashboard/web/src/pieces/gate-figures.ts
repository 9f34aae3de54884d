/** What a gate measured and held it against, in words. */
import type { FibreVerdict, GateResult } from '@trame/protocol/classification/fibre-verdict';
import { formatNumber } from '../format/quantity.ts';
import { t, type MessageKey } from '../messages/translate.ts';

interface Figure {
  /** `{{measured}}` and `{{limit}}`. */
  readonly words: MessageKey;
  readonly show: (value: number) => string;
}

const count = (value: number): string => formatNumber(value, 0);
const fine = (value: number): string => formatNumber(value, 2);
const finest = (value: number): string => formatNumber(value, 3);
/** Of a share 0…1. */
const share = (value: number): string => formatNumber(value * 100, 1);
const points = (value: number): string => formatNumber(value, 1);

/**
 * @param verdict that the gate belongs to: where it knows a background, the gate of that name measured a share of the
 * signal, else the mean absorbance, which is too much where light is lost.
 * @returns null where the gate measures nothing.
 */
export function gateFigures(gate: GateResult, verdict: Pick<FibreVerdict, 'background'>): string | null {
  const { measured, limit } = gate;
  if (measured === null) return null;
  const figure = figureOf(gate, verdict);
  if (figure === null) return null;
  if (limit === null) return t('piece.gateMeasured', { measured: figure.show(measured) });
  return t(figure.words, { measured: figure.show(measured), limit: figure.show(limit) });
}

function figureOf(
  { gate, measured, limit, passed }: GateResult,
  { background }: Pick<FibreVerdict, 'background'>,
): Figure | null {
  switch (gate) {
    case 'wrong-length':
      return { words: 'piece.gateLength', show: count };
    case 'flat':
      return { words: 'piece.gateRelief', show: finest };
    case 'saturated':
      return { words: 'piece.gateRun', show: count };
    case 'background':
      return background === null
        ? { words: 'piece.gateMean', show: fine }
        : { words: 'piece.gateBackground', show: share };
    case 'distance':
      return { words: 'piece.gateDistance', show: finest };
    case 'out-of-range':
      return { words: 'piece.gateRange', show: points };
    case 'blend':
      if (limit === null) return { words: 'piece.gatePurity', show: points };
      // More than its limit and not passed: another fibre, of which only so much may be there.
      return !passed && (measured ?? 0) > limit
        ? { words: 'piece.gateStranger', show: points }
        : { words: 'piece.gatePurity', show: share };
    case 'not-a-number':
    case 'wrong-grid':
    case 'wrong-quantity':
    case 'other-fibre':
    case 'wrong-instrument':
    case 'no-model':
      return null;
  }
}
