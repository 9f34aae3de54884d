/** What people note who look through a sample of an outlet, and how it is taken back. */
import type { Choice, Field } from '../material/form-fields.ts';
import { given, type ActForm } from '../material/act-form.ts';
import { t } from '../messages/translate.ts';
import { estimatedKg } from './figures.ts';

/** Of the misplaced mass: no outlet can be called so, ids have no space. */
const MISPLACED = 'misplaced ';

/** More than so many times what the plan asks for is more likely a comma that was forgotten. */
const PLAN_TIMES_MAX = 2;

/**
 * @param outlet the one that was looked through.
 * @param others where a piece may belong instead.
 * @param neededGrams that the plan of the month asks for, never more than falls into the outlet; null: not known.
 */
export function auditForm(
  line: string,
  outlet: Choice,
  others: readonly Choice[],
  neededGrams: number | null,
): ActForm {
  const belongs = others.filter(({ value }) => value !== outlet.value);
  return {
    title: t('audits.act', { outlet: outlet.label }),
    lead: t('audits.lead'),
    submit: t('audits.do'),
    fields: [
      { kind: 'kg', name: 'sampled', label: t('audits.sampledField'), required: true },
      ...belongs.map(({ value, label }): Field => ({
        kind: 'kg',
        name: `${MISPLACED}${value}`,
        label: t('audits.belongsField', { outlet: label }),
        zero: true,
      })),
      { kind: 'text', name: 'note', label: t('matter.note'), max: 500, hint: t('matter.noNames') },
    ],
    path: `/lines/${encodeURIComponent(line)}/audits`,
    doubt: (values) => doubtOf(values.needNumber('sampled'), neededGrams),
    body: (values) => ({
      outlet: outlet.value,
      sampledGrams: values.needNumber('sampled'),
      misplaced: belongs.flatMap(({ value }) => {
        const grams = values.number(`${MISPLACED}${value}`) ?? 0;
        return grams === 0 ? [] : [{ outlet: value, grams }];
      }),
      ...given('note', values.text('note')),
    }),
  };
}

function doubtOf(sampledGrams: number, neededGrams: number | null): string | null {
  if (neededGrams === null || sampledGrams <= PLAN_TIMES_MAX * neededGrams) return null;
  const sampled = estimatedKg(sampledGrams);
  return neededGrams === 0
    ? t('audits.doubtNothing', { sampled })
    : t('audits.doubtMuch', { sampled, needed: estimatedKg(neededGrams) });
}

/** @param audit its event. @param named what people know it by. */
export function voidAuditForm(
  audit: string,
  named: { readonly outlet: string; readonly day: string; readonly sampled: string },
): ActForm {
  return {
    title: t('audits.actVoid', named),
    lead: t('audits.leadVoid'),
    submit: t('audits.doVoid'),
    fields: [
      {
        kind: 'text',
        name: 'reason',
        label: t('matter.reason'),
        max: 500,
        required: true,
        hint: t('matter.noNames'),
      },
    ],
    path: `/audits/${encodeURIComponent(audit)}/void`,
    body: (values) => ({ reason: values.needText('reason') }),
  };
}
