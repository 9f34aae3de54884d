/** A container is declared with its tare, changed, put into a zone, or used no more. */
import type { ContainerRow } from '@trame/protocol/material/material-answers';
import { given, type ActForm } from '../material/act-form.ts';
import type { Choice } from '../material/form-fields.ts';
import { choicesOf, CONTAINER_KIND_WORDS } from '../material/material-words.ts';
import { kgText } from '../material/typed-figures.ts';
import { isId } from '@trame/protocol/topics';
import { t } from '../messages/translate.ts';

const ID_MAX = 63;
const LITRES_MAX = 100_000;

/** @param container null: a new one. */
export function containerForm(container: ContainerRow | null): ActForm {
  return {
    title:
      container === null ? t('containers.actDeclare') : t('containers.actChange', { name: container.id }),
    lead: t('containers.leadTare'),
    submit: t('containers.doSave'),
    fields: [
      ...(container === null
        ? [
            {
              kind: 'text',
              name: 'id',
              label: t('containers.id'),
              max: ID_MAX,
              required: true,
              hint: t('containers.idHint'),
              isSound: isId,
            } as const,
          ]
        : []),
      {
        kind: 'choice',
        name: 'kind',
        label: t('containers.kind'),
        options: choicesOf(CONTAINER_KIND_WORDS),
        required: true,
        ...(container === null ? {} : { initial: container.kind }),
      },
      {
        kind: 'kg',
        name: 'tare',
        label: t('matter.tare'),
        zero: true,
        required: true,
        ...(container === null ? {} : { initial: kgText(container.tareGrams) }),
      },
      {
        kind: 'count',
        name: 'volume',
        label: t('containers.volume'),
        min: 1,
        max: LITRES_MAX,
        ...(container?.volumeLitres == null ? {} : { initial: String(container.volumeLitres) }),
      },
    ],
    path: '/containers',
    body: (values) => ({
      container: container?.id ?? values.needText('id'),
      kind: values.needText('kind'),
      tareGrams: values.needNumber('tare'),
      ...given('volumeLitres', values.number('volume')),
      ...(container === null ? {} : { retired: container.retired }),
    }),
  };
}

/** @returns the body that retires a container, or takes it back into use. */
export function retireContainer({ id, kind, tareGrams, volumeLitres, retired }: ContainerRow): object {
  return { container: id, kind, tareGrams, ...given('volumeLitres', volumeLitres), retired: !retired };
}

export function placeContainerForm({ id }: ContainerRow, zones: readonly Choice[]): ActForm {
  return {
    title: t('containers.actPlace', { name: id }),
    submit: t('stock.doPlace'),
    fields: [{ kind: 'choice', name: 'zone', label: t('stock.zone'), options: zones, required: true }],
    path: `/containers/${encodeURIComponent(id)}/place`,
    body: (values) => ({ zone: values.needText('zone') }),
  };
}
