/** What goes on the line and comes off it, and what is moved by hand. */
import { given, type ActForm } from '../material/act-form.ts';
import type { Choice } from '../material/form-fields.ts';
import { t } from '../messages/translate.ts';

export const LINE_ACTS = ['load', 'unload', 'empty', 'move'] as const;
export type LineAct = (typeof LINE_ACTS)[number];

export interface LineChoices {
  readonly line: string;
  /** Lots and filled containers. */
  readonly sources: readonly Choice[];
  /** Whatever may take something: containers, bins, lots. */
  readonly targets: readonly Choice[];
  /** Where something may be taken from: those, and bins. */
  readonly places: readonly Choice[];
}

export function lineForm(act: LineAct, choices: LineChoices): ActForm {
  switch (act) {
    case 'load':
      return loadForm(choices);
    case 'unload':
      return unloadForm(choices);
    case 'empty':
      return emptyForm(choices);
    case 'move':
      return moveForm(choices);
  }
}

function loadForm(choices: LineChoices): ActForm {
  return {
    title: t('lots.actLoad', { line: choices.line }),
    lead: t('lots.leadLoad'),
    submit: t('lots.doLoad'),
    fields: [
      { kind: 'picks', name: 'from', label: t('lots.onLine'), options: choices.sources, required: true },
      {
        kind: 'weight',
        name: 'weight',
        label: t('lots.onlyPart'),
        ways: ['typed', 'scale'],
        hint: t('lots.onlyPartHint'),
      },
    ],
    path: `${linePath(choices)}/load`,
    body: (values) => ({ from: values.picks('from'), ...given('weight', values.weight('weight')) }),
  };
}

function unloadForm(choices: LineChoices): ActForm {
  return {
    title: t('lots.actUnload', { line: choices.line }),
    lead: t('lots.leadUnload'),
    submit: t('lots.doUnload'),
    fields: [
      {
        kind: 'choice',
        name: 'from',
        label: t('lots.backInto'),
        options: choices.targets.filter(isInfeed),
        required: true,
      },
      { kind: 'kg', name: 'grams', label: t('lots.howMuchBack'), hint: t('lots.howMuchBackHint') },
      { kind: 'text', name: 'note', label: t('matter.note'), max: 500, hint: t('matter.noNames') },
    ],
    path: `${linePath(choices)}/unload`,
    body: (values) => ({
      from: values.needText('from'),
      ...given('grams', values.number('grams')),
      ...given('note', values.text('note')),
    }),
  };
}

function emptyForm(choices: LineChoices): ActForm {
  return {
    title: t('lots.actEmpty', { line: choices.line }),
    lead: t('lots.leadEmpty'),
    submit: t('lots.doEmpty'),
    fields: [
      {
        kind: 'kg',
        name: 'remaining',
        label: t('lots.remaining'),
        zero: true,
        hint: t('lots.remainingHint'),
      },
      { kind: 'text', name: 'note', label: t('matter.note'), max: 500, hint: t('matter.noNames') },
    ],
    path: `${linePath(choices)}/empty`,
    body: (values) => ({
      ...given('remainingGrams', values.number('remaining')),
      ...given('note', values.text('note')),
    }),
  };
}

function moveForm(choices: LineChoices): ActForm {
  return {
    title: t('lots.actMove'),
    lead: t('lots.leadMove'),
    submit: t('lots.doMove'),
    fields: [
      { kind: 'choice', name: 'from', label: t('matter.from'), options: choices.places, required: true },
      { kind: 'choice', name: 'to', label: t('matter.to'), options: choices.targets, required: true },
      {
        kind: 'weight',
        name: 'weight',
        label: t('matter.weight'),
        ways: ['typed', 'scale'],
        tare: true,
        hint: t('lots.allHint'),
      },
    ],
    path: '/moves',
    body: (values) => ({
      from: values.needText('from'),
      to: values.needText('to'),
      ...given('weight', values.weight('weight')),
    }),
  };
}

function linePath({ line }: LineChoices): string {
  return `/lines/${encodeURIComponent(line)}`;
}

/** Only lots and containers stand at an infeed. */
function isInfeed({ value }: Choice): boolean {
  return value.startsWith('lot:') || value.startsWith('container:');
}
