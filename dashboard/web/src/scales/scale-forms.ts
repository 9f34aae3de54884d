/** An entry into the log book of a scale. */
import type { ScaleRow } from '@trame/protocol/material/material-answers';
import { given, type ActForm } from '../material/act-form.ts';
import { choicesOf, SCALE_ENTRY_WORDS } from '../material/material-words.ts';
import { t } from '../messages/translate.ts';

/** @param today `YYYY-MM-DD` of the site. */
export function scaleForm(scale: Pick<ScaleRow, 'id' | 'label'>, today: string): ActForm {
  return {
    title: t('scales.actLog', { scale: scale.label }),
    submit: t('scales.doLog'),
    fields: [
      {
        kind: 'choice',
        name: 'entry',
        label: t('scales.entry'),
        options: choicesOf(SCALE_ENTRY_WORDS),
        required: true,
      },
      { kind: 'day', name: 'on', label: t('scales.on'), initial: today, required: true },
      { kind: 'day', name: 'due', label: t('scales.due'), hint: t('scales.dueHint') },
      { kind: 'text', name: 'text', label: t('scales.text'), max: 500, hint: t('matter.noNames') },
    ],
    path: `/scales/${encodeURIComponent(scale.id)}/log`,
    body: (values) => {
      const entry = values.needText('entry');
      // Only a verification that was passed holds until a day.
      const due = entry === 'verification' ? given('due', values.text('due')) : {};
      return { entry, on: values.needText('on'), ...due, ...given('text', values.text('text')) };
    },
  };
}
