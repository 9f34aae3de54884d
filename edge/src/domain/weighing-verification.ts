/** Whether a scale may weigh for payment on a day. */
import type { ScaleVerified, Weighing } from '@trame/protocol/ledger-payloads';
import type { ScaleConfig } from './line-config.ts';

/** What was last stated of a scale: by a person, else by its configuration. */
export type Verification =
  /** `YYYY-MM-DD`, last day included; null: no date was stated. */
  { readonly outcome: 'accepted'; readonly due: string | null } | { readonly outcome: 'refused' };

/** @param told the last `scale.verified` of this scale; null: there is none. It goes before the configuration. */
export function statedVerification(config: ScaleConfig, told: ScaleVerified | null): Verification {
  if (told === null) return { outcome: 'accepted', due: config.verificationDue };
  return told.outcome === 'refused' ? { outcome: 'refused' } : { outcome: 'accepted', due: told.due };
}

/** @param today `YYYY-MM-DD` in the site's zone. */
export function verificationOn(
  today: string,
  stated: Verification,
): Pick<Weighing, 'verification' | 'verificationDue'> {
  if (stated.outcome === 'refused') return { verification: 'refused', verificationDue: null };
  const { due } = stated;
  if (due === null) return { verification: 'not-stated', verificationDue: null };
  // Dates of this form sort as they follow each other.
  return { verification: today <= due ? 'valid' : 'expired', verificationDue: due };
}

/** @returns what tells the day of an instant, `YYYY-MM-DD`, in a zone (`Europe/Paris`). @throws when there is no such zone. */
export function calendarOf(timeZone: string): (wallMs: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (wallMs) => {
    const parts = new Map(format.formatToParts(wallMs).map(({ type, value }) => [type, value]));
    return `${parts.get('year')?.padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
  };
}
