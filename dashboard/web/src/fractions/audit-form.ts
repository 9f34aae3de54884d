/** What people note who look through a sample of an outlet, and how it is taken back. */
import type { Choice, Field } from '../material/form-fields.ts';
import { given, type ActForm } from '../material/act-form.ts';
import { t } from '../messages/translate.ts';

/** Of the misplaced mass: no outlet can be called so, ids have no space. */
const MISPLACED = 'misplaced ';

/**
 * @param outlet the one that was looked through.
 * @param others where a piece may belong instead.
 */
export function auditForm(line: string, outlet: Choice, others: readonly Choice[]): ActForm {
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
