/** A trouble in words for somebody who is tired: what is the matter, since when, what to do. */
import type { LedgerRefusal } from '@trame/protocol/health-api';
import { formatBytes } from '../format/bytes.ts';
import { shortDigits } from '../format/digits.ts';
import { formatDuration } from '../format/duration.ts';
import type { Moment } from '../format/instant.ts';
import { formatNumber } from '../format/quantity.ts';
import { t } from '../messages/translate.ts';
import { gapSummary } from '../messages/gap-words.ts';
import { REFUSAL_WORDS } from '../messages/health-words.ts';
import type { NotWritten, Trouble } from './troubles.ts';
import { massWords } from './uncounted-words.ts';

export interface TroubleWords {
  readonly sentence: string;
  /** Since when, or until when; null when nobody knows. */
  readonly since: string | null;
  readonly advice: string;
}

/** @returns `depuis 14:02:11 (3 min)`. */
export function sinceWords(at: number, { format, nowMs }: Moment): string {
  return t('health.since', { time: format.recent(at, nowMs), duration: formatDuration(nowMs - at) });
}

/** @returns `14:02:11 (il y a 3 min)`. */
export function agoWords(at: number, { format, nowMs }: Moment): string {
  return t('health.ago', { time: format.recent(at, nowMs), duration: formatDuration(nowMs - at) });
}

export function troubleWords(trouble: Trouble, moment: Moment): TroubleWords {
  return trouble.line === null ? serverWords(trouble, moment) : lineWords(trouble, moment);
}

type ServerTrouble = Extract<Trouble, { readonly line: null }>;
type LineTrouble = Exclude<Trouble, ServerTrouble>;

function lineWords(trouble: LineTrouble, moment: Moment): TroubleWords {
  const { line } = trouble;
  switch (trouble.kind) {
    case 'not-written':
      return notWrittenWords(line, trouble.cause, trouble.unstored);
    case 'closed':
      return now(t('trouble.closed', { line }), t('advice.closed'));
    case 'records-lost': {
      const { records: count } = trouble;
      return now(
        t('trouble.recordsLost', { line, count, figure: formatNumber(count, 0) }),
        t('advice.recordsLost'),
      );
    }
    case 'contested':
      return contestedWords(trouble, moment);
    case 'refused':
      return refusedWords(line, trouble.refusal, moment);
    case 'diverged': {
      const said = { line, consumer: trouble.consumer.consumer };
      const ahead = trouble.consumer.state === 'cursor-ahead';
      return now(ahead ? t('trouble.cursorAhead', said) : t('trouble.fork', said), t('advice.diverged'));
    }
    case 'disk-reserve':
      return now(t('trouble.diskReserve', { line, size: size(trouble.freeBytes) }), t('advice.diskReserve'));
    case 'silent':
      return silentWords(line, trouble.lastAt, moment);
    case 'waiting': {
      const { events: count, lastStoredAt } = trouble;
      const sentence = t('trouble.waiting', { line, count, figure: formatNumber(count, 0) });
      return { sentence, since: nothingSince(lastStoredAt, moment), advice: t('advice.waiting') };
    }
    case 'missing': {
      const sentence = t('trouble.missing', { line, seq: formatNumber(trouble.after, 0) });
      return { sentence, since: nothingSince(trouble.lastStoredAt, moment), advice: t('advice.missing') };
    }
    case 'consumer':
      return consumerWords(trouble);
    case 'uncounted': {
      const mass = massWords(trouble.mass, moment);
      return now(t('trouble.uncounted', { line, mass }), t('advice.uncounted'));
    }
    case 'lost': {
      const gap = gapSummary(trouble.gap, moment);
      return now(t('trouble.lost', { line, gap, count: trouble.count }), t('advice.lost'));
    }
    default:
      return equipmentWords(trouble);
  }
}

type EquipmentTrouble = Extract<
  LineTrouble,
  {
    readonly kind:
      | 'clock-behind'
      | 'clock-off'
      | 'spool-not-written'
      | 'spool-nearly-full'
      | 'sorting-model'
      | 'sorting-programme'
      | 'items-not-stored'
      | 'disk-low';
  }
>;

function equipmentWords(trouble: EquipmentTrouble): TroubleWords {
  const { line } = trouble;
  switch (trouble.kind) {
    case 'clock-behind':
      return now(t('trouble.clockBehind', { line }), t('advice.clockBehind'));
    case 'clock-off': {
      const said = { line, duration: formatDuration(Math.abs(trouble.offsetMs)) };
      const sentence = trouble.offsetMs > 0 ? t('trouble.clockSlow', said) : t('trouble.clockFast', said);
      return now(sentence, t('advice.clockOff'));
    }
    case 'spool-not-written':
      return now(t('trouble.spoolNotWritten', { line }), t('advice.spoolNotWritten'));
    case 'spool-nearly-full': {
      const percent = formatNumber(Math.min(100, trouble.share * 100), 0);
      return now(t('trouble.spoolNearlyFull', { line, percent }), t('advice.spoolNearlyFull'));
    }
    case 'sorting-model':
      return now(t('trouble.sortingModel', { line }), t('advice.sortingModel'));
    case 'sorting-programme': {
      const { outlet } = trouble;
      return now(t('trouble.sortingProgramme', { line, outlet }), t('advice.sortingProgramme'));
    }
    case 'items-not-stored':
      return now(t('trouble.itemsNotStored', { line }), t('advice.itemsNotStored'));
    case 'disk-low':
      return now(t('trouble.diskLow', { line, size: size(trouble.freeBytes) }), t('advice.diskLow'));
  }
}

function serverWords(trouble: ServerTrouble, moment: Moment): TroubleWords {
  switch (trouble.kind) {
    case 'records-away':
      return now(t('trouble.recordsAway'), t('advice.recordsAway'));
    case 'strangers': {
      const { refused: count } = trouble;
      return now(t('trouble.strangers', { count, figure: formatNumber(count, 0) }), t('advice.strangers'));
    }
    case 'server-disk-low':
      return now(t('trouble.serverDiskLow', { size: size(trouble.freeBytes) }), t('advice.serverDiskLow'));
    case 'history-away': {
      const { buffered: count } = trouble;
      const sentence = t('trouble.historyAway', { count, figure: formatNumber(count, 0) });
      return now(sentence, t('advice.historyAway'));
    }
    case 'history-lost': {
      const { samples: count } = trouble;
      return now(
        t('trouble.historyLost', { count, figure: formatNumber(count, 0) }),
        t('advice.historyLost'),
      );
    }
    case 'no-backup':
      return now(t('trouble.noBackup'), t('advice.backup'));
    case 'old-backup':
      return now(t('trouble.oldBackup', { when: agoWords(trouble.at, moment) }), t('advice.backup'));
  }
}

function notWrittenWords(line: string, cause: NotWritten, unstored: number): TroubleWords {
  const since =
    unstored === 0 ? null : t('health.inMemory', { count: unstored, figure: formatNumber(unstored, 0) });
  switch (cause) {
    case 'disk-full':
      return { sentence: t('trouble.diskFull', { line }), since, advice: t('advice.diskFull') };
    case 'clock-not-set':
      return { sentence: t('trouble.clockNotSet', { line }), since, advice: t('advice.clockNotSet') };
    case 'clock-wrong':
      return { sentence: t('trouble.clockWrong', { line }), since, advice: t('advice.clockWrong') };
    case 'io-error':
      return { sentence: t('trouble.diskRefuses', { line }), since, advice: t('advice.diskRefuses') };
  }
}

function refusedWords(line: string, refusal: LedgerRefusal, moment: Moment): TroubleWords {
  const since = sinceWords(refusal.firstAt, moment);
  if (refusal.code === 'unknown-epoch') {
    return { sentence: t('trouble.unknownEpoch', { line }), since, advice: t('advice.unknownEpoch') };
  }
  const reason = t(REFUSAL_WORDS[refusal.code]);
  const sentence =
    refusal.seq === null
      ? t('trouble.refused', { line, reason })
      : t('trouble.refusedAt', { line, reason, seq: formatNumber(refusal.seq, 0) });
  const advice =
    refusal.code === 'impossible-date'
      ? t('advice.impossibleDate')
      : t('advice.refused', { code: refusal.code });
  return { sentence, since, advice };
}

function contestedWords(
  { line, epoch, other, since }: Extract<Trouble, { readonly kind: 'contested' }>,
  moment: Moment,
): TroubleWords {
  const present = epoch === null ? t('epoch.none') : shortDigits(epoch);
  return {
    sentence: t('trouble.contested', { line }),
    since: sinceWords(since, moment),
    advice:
      other === null
        ? t('advice.contestedCopy', { present })
        : t('advice.contested', { present, other: shortDigits(other) }),
  };
}

function silentWords(line: string, lastAt: number | null, moment: Moment): TroubleWords {
  return lastAt === null
    ? now(t('trouble.neverHeard', { line }), t('advice.silent'))
    : {
        sentence: t('trouble.silent', { line }),
        since: sinceWords(lastAt, moment),
        advice: t('advice.silent'),
      };
}

function consumerWords({ line, consumer }: Extract<Trouble, { readonly kind: 'consumer' }>): TroubleWords {
  const said = {
    line,
    consumer: consumer.consumer,
    count: consumer.waiting,
    figure: formatNumber(consumer.waiting, 0),
  };
  switch (consumer.state) {
    case 'refusing':
      return now(t('trouble.consumerRefusing', said), t('advice.consumerRefusing'));
    case 'stuck':
      return now(t('trouble.consumerStuck', said), t('advice.waiting'));
    default:
      return now(t('trouble.consumerSilent', said), t('advice.waiting'));
  }
}

function nothingSince(at: number | null, moment: Moment): string {
  return at === null ? t('health.nothingEver') : t('health.nothingSince', { since: sinceWords(at, moment) });
}

function size(bytes: number | null): string {
  return bytes === null ? t('health.unknownSize') : formatBytes(bytes);
}

/** What is so as of the last word of the line, without a beginning that anybody knows. */
function now(sentence: string, advice: string): TroubleWords {
  return { sentence, since: null, advice };
}
