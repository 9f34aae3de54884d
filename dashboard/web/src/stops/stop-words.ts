/** French for every code in which the time of a line is told. A code without a word does not compile. */
import type { TrsRow } from '@trame/protocol/stops/stop-answers';
import type { StopKind, StopPictogram, ToldKind } from '@trame/protocol/stops/stop-names';
import type { MessageKey } from '../messages/translate.ts';

type Words<T extends string> = Readonly<Record<T, MessageKey>>;

export const STOP_KIND_WORDS: Words<StopKind> = {
  break: 'stopKind.break',
  'no-load': 'stopKind.noLoad',
  maintenance: 'stopKind.maintenance',
  trial: 'stopKind.trial',
  training: 'stopKind.training',
  meeting: 'stopKind.meeting',
  breakdown: 'stopKind.breakdown',
  'micro-stop': 'stopKind.microStop',
  functional: 'stopKind.functional',
  operating: 'stopKind.operating',
  starved: 'stopKind.starved',
  blocked: 'stopKind.blocked',
};

/** Of stops as they are told: what nobody explained is of no kind that anybody knows. */
export const TOLD_KIND_WORDS: Words<ToldKind> = { ...STOP_KIND_WORDS, unexplained: 'stopKind.unexplained' };

/** Why there is no figure: never a gap without a reason. */
export const NO_FIGURE_WORDS: Words<NonNullable<TrsRow['why']>> = {
  'group-too-small': 'noFigure.groupTooSmall',
  closed: 'noFigure.closed',
  'not-required': 'noFigure.notRequired',
  'no-nominal': 'noFigure.noNominal',
  'no-states': 'noFigure.noStates',
  'hand-line': 'noFigure.handLine',
};

/** As the page draws them, in a square of 24. */
export const PICTOGRAM_PATHS: Readonly<Record<StopPictogram, string>> = {
  jam: 'M2 20h20M4 14h5v6H4zM9 14h5v6H9zM6.500 8h5v6h-5zM18 3v17M15 4l3 3 3-3',
  breakdown:
    'M14.500 3.200a5 5 0 0 0-4.800 6.900L3 16.800a2.900 2.900 0 0 0 4.200 4.200l6.700-6.700a5 5 0 0 0 6.700-6l-3.300 3.200-3.600-1.200-1.200-3.600z',
  'no-material': 'M4 4h16l-6 9v7h-4v-7zM3 22 21 2',
  'bin-full':
    'M3 11h18l-1.500 10h-15zM5 11c0-3 2-3 3-4.500C9 4 11 3 12.500 4.500c1 1 2 .5 3 2C17 8 19 8 19 11',
  cleaning: 'M20 3l-7 8M9.500 9.500l5 4.500-3 7H3c2.500-3 5-6 6.500-11.500zM7 21l2-4',
  break: 'M4 9h12v6a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4zM16 11h2a2.300 2.300 0 0 1 0 4.600h-2M8 2v3.500M12 2v3.500',
  training: 'M2 9l10-5 10 5-10 5zM6 11.500V17c3 2.500 9 2.500 12 0v-5.500M22 9v6',
  safety: 'M12 2 4 5v6c0 5 3.500 9 8 11 4.500-2 8-6 8-11V5zM12 7.500v5.500M12 16.200v.6',
  meeting:
    'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM16.500 6a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5zM2 20c0-4 3-6 6-6s6 2 6 6zM15 14.300c4-.8 7 1.700 7 5.700h-5',
  other: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM7.500 12h.6M11.700 12h.6M15.900 12h.6',
};
