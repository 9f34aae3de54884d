/** A partner is declared, changed, or used no more. What a form does not show stays as it was. */
import type { PartnerRow } from '@trame/protocol/material/material-answers';
import type { PartnerBody } from '@trame/protocol/material/lot-acts';
import { given, type ActForm } from '../material/act-form.ts';
import type { Field } from '../material/form-fields.ts';
import { choicesOf, ROLE_WORDS } from '../material/material-words.ts';
import { isId } from '@trame/protocol/topics';
import { t } from '../messages/translate.ts';

const ID_MAX = 63;

/** @param partner null: a new one. @param role that is offered first; null: none. */
export function partnerForm(partner: PartnerRow | null, role: string | null): ActForm {
  const initialRole = partner?.role ?? role;
  const name: Field = {
    kind: 'text',
    name: 'id',
    label: t('partners.id'),
    max: ID_MAX,
    required: true,
    hint: t('partners.idHint'),
    isSound: isId,
  };
  return {
    title: partner === null ? t('partners.actDeclare') : t('partners.actChange', { name: partner.name }),
    submit: t('partners.doSave'),
    fields: [
      ...(partner === null ? [name] : []),
      {
        kind: 'text',
        name: 'name',
        label: t('partners.name'),
        max: 120,
        required: true,
        initial: partner?.name ?? '',
      },
      {
        kind: 'choice',
        name: 'role',
        label: t('partners.role'),
        options: choicesOf(ROLE_WORDS),
        required: true,
        ...(initialRole === null ? {} : { initial: initialRole }),
      },
      {
        kind: 'text',
        name: 'siret',
        label: t('partners.siret'),
        max: 20,
        initial: partner?.siret ?? '',
        hint: t('partners.siretHint'),
        isSound: (text) => /^\d{14}$/u.test(bare(text)),
      },
      {
        kind: 'flag',
        name: 'accredited',
        label: t('partners.accredited'),
        initial: partner?.accredited ?? false,
      },
    ],
    path: '/partners',
    body: (values) => {
      const siret = values.text('siret');
      return {
        ...kept(partner),
        partner: partner?.id ?? values.needText('id'),
        role: values.needText('role'),
        name: values.needText('name'),
        ...given('siret', siret === null ? null : bare(siret)),
        accredited: values.flag('accredited'),
      };
    },
  };
}

/** Without the spaces that people put between its digits. */
function bare(siret: string): string {
  return siret.replaceAll(/\s/gu, '');
}

/** @returns the body that retires a partner, or takes it back into use. */
export function retirePartner(partner: PartnerRow): object {
  const { id, role, name, siret, accredited, retired } = partner;
  return {
    ...kept(partner),
    partner: id,
    role,
    name,
    ...given('siret', siret),
    accredited,
    retired: !retired,
  };
}

function kept(partner: PartnerRow | null): Pick<PartnerBody, 'points' | 'communes' | 'retired'> {
  if (partner === null) return {};
  const { points, communes, retired } = partner;
  return {
    points: points.map((point) => ({ ...point })),
    communes: communes.map((commune) => ({ ...commune })),
    retired,
  };
}
