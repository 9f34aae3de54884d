/** What was measured of an output, and the condition that somebody judged. */
import { CONDITION_GRADES } from '@trame/protocol/sort-programmes/programme-inputs';
import { choiceWords } from '@trame/protocol/sort-programmes/input-words';
import type { BaleRow } from '@trame/protocol/material/material-answers';
import { given, type ActForm } from '../material/act-form.ts';
import { t } from '../messages/translate.ts';

const MOISTURE_MAX = 60;
const PERCENT = /^(?<whole>\d{1,2})(?:[.,](?<decimals>\d{1,2}))?$/u;

/** @returns percent such as `8,5`; null when it is no moisture. */
export function moistureOf(text: string): number | null {
  const found = PERCENT.exec(text.replace(/\s?%$/u, '').trim())?.groups;
  if (found === undefined) return null;
  const percent = Number(`${found['whole']}.${found['decimals'] ?? '0'}`);
  return percent <= MOISTURE_MAX ? percent : null;
}

export function examineForm({ id, number }: Pick<BaleRow, 'id' | 'number'>): ActForm {
  return {
    title: t('composition.act', { number }),
    lead: t('composition.lead'),
    submit: t('composition.do'),
    fields: [
      {
        kind: 'text',
        name: 'moisture',
        label: t('composition.moistureField'),
        hint: t('composition.moistureHint', { most: MOISTURE_MAX }),
        max: 8,
        isSound: (text) => moistureOf(text) !== null,
      },
      {
        kind: 'choice',
        name: 'grade',
        label: t('composition.grade'),
        options: CONDITION_GRADES.map((grade) => ({ value: grade, label: choiceWords('grade', grade) })),
      },
      { kind: 'text', name: 'note', label: t('matter.note'), max: 500, hint: t('matter.noNames') },
    ],
    path: `/bales/${encodeURIComponent(id)}/examine`,
    body: (values) => {
      const moisture = values.text('moisture');
      return {
        ...given('moisturePercent', moisture === null ? null : moistureOf(moisture)),
        ...given('grade', values.text('grade')),
        ...given('note', values.text('note')),
      };
    },
  };
}
