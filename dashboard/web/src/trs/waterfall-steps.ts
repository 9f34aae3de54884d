/** The waterfall of time of NF E60-182 as steps that a person reads: pure. Times in ms. */
import type { TrsRow } from '@trame/protocol/stops/stop-answers';
import type { MessageKey } from '../messages/translate.ts';

type Figures = NonNullable<TrsRow['figures']>;

export interface Step {
  /** As the standard writes it. */
  readonly symbol: 'tT' | 'tO' | 'tR' | 'tF' | 'tN' | 'tU';
  readonly name: MessageKey;
  /** What was lost since the step before; null: nothing comes before. */
  readonly lost: { readonly name: MessageKey; readonly ms: number } | null;
  /** Null: not to be told, as without a nominal throughput. */
  readonly ms: number | null;
  /** % of the total time; null as with `ms`. */
  readonly percent: number | null;
  /** % of the total time of the last step before it that is known. */
  readonly percentBefore: number;
}

const STEPS: readonly {
  readonly symbol: Step['symbol'];
  readonly of: keyof Pick<Figures, 'totalMs' | 'openMs' | 'requiredMs' | 'runningMs' | 'netMs' | 'usefulMs'>;
  readonly name: MessageKey;
  readonly loss: MessageKey | null;
}[] = [
  { symbol: 'tT', of: 'totalMs', name: 'trs.total', loss: null },
  { symbol: 'tO', of: 'openMs', name: 'trs.open', loss: 'trs.lostClosed' },
  { symbol: 'tR', of: 'requiredMs', name: 'trs.required', loss: 'trs.lostPlanned' },
  { symbol: 'tF', of: 'runningMs', name: 'trs.running', loss: 'trs.lostStops' },
  { symbol: 'tN', of: 'netMs', name: 'trs.net', loss: 'trs.lostSpeed' },
  { symbol: 'tU', of: 'usefulMs', name: 'trs.useful', loss: 'trs.lostRefused' },
];

export function waterfallSteps(figures: Figures): readonly Step[] {
  let before = figures.totalMs;
  return STEPS.map(({ symbol, of, name, loss }): Step => {
    const ms = figures[of];
    const step = {
      symbol,
      name,
      lost: loss === null || ms === null ? null : { name: loss, ms: Math.max(0, before - ms) },
      ms,
      percent: ms === null ? null : percentOf(ms, figures.totalMs),
      percentBefore: percentOf(before, figures.totalMs),
    };
    before = ms ?? before;
    return step;
  });
}

function percentOf(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(100, Math.max(0, Math.round((1_000 * part) / whole) / 10));
}

export interface Rate {
  readonly id: 'availability' | 'performance' | 'quality' | 'trs' | 'trg' | 'tre';
  readonly symbol: MessageKey;
  readonly name: MessageKey;
}

export const RATES: readonly Rate[] = [
  { id: 'availability', symbol: 'trs.do', name: 'trs.availability' },
  { id: 'performance', symbol: 'trs.tp', name: 'trs.performance' },
  { id: 'quality', symbol: 'trs.tq', name: 'trs.quality' },
  { id: 'trs', symbol: 'trs.trs', name: 'trs.trsName' },
  { id: 'trg', symbol: 'trs.trg', name: 'trs.trgName' },
  { id: 'tre', symbol: 'trs.tre', name: 'trs.treName' },
];
