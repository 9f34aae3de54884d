/** The acts of a working day: who is there (numbers only), notes, campaigns, and the end of a month. */
import { given, type ActForm } from '../material/act-form.ts';
import type { Field } from '../material/form-fields.ts';
import { t } from '../messages/translate.ts';

/** Posts whose heads are counted at the opening of a shift. */
export const POSTS = ['reception', 'pre-sort', 'sort', 'press', 'stock'] as const;
export type Post = (typeof POSTS)[number];
const HEADS_MAX = 100;

export function openShiftForm(line: string, words: (post: Post) => string): ActForm {
  return {
    title: t('day.actOpenShift'),
    lead: t('day.leadOpenShift'),
    submit: t('day.doOpenShift'),
    fields: [
      { kind: 'text', name: 'team', label: t('day.team'), max: 120, required: true, hint: t('day.teamHint') },
      ...POSTS.map((post): Field => ({
        kind: 'count',
        name: post,
        label: words(post),
        max: HEADS_MAX,
        hint: t('day.headsHint'),
      })),
    ],
    path: '/shifts',
    // A post without a number is not there at all: nothing is counted for it.
    body: (values) => ({
      line,
      team: values.needText('team'),
      posts: POSTS.flatMap((post) => {
        const heads = values.number(post);
        return heads === null ? [] : [{ post, heads }];
      }),
    }),
  };
}

export function closeShiftForm(
  shift: { readonly id: string; readonly team: string },
  unclaimed: number,
): ActForm {
  return {
    title: t('day.actCloseShift', { team: shift.team }),
    lead: unclaimed === 0 ? t('day.allClaimed') : t('day.someUnclaimed', { count: unclaimed }),
    submit: t('day.doClose'),
    fields: [note()],
    path: `/shifts/${encodeURIComponent(shift.id)}/close`,
    body: (values) => given('note', values.text('note')),
  };
}

export function openCampaignForm(line: string): ActForm {
  return {
    title: t('day.actOpenCampaign'),
    lead: t('day.leadCampaign'),
    submit: t('day.doOpenCampaign'),
    fields: [{ kind: 'text', name: 'name', label: t('day.campaignName'), max: 120, required: true }],
    path: '/campaigns',
    body: (values) => ({ line, name: values.needText('name') }),
  };
}

export function closeCampaignForm(campaign: { readonly id: string; readonly name: string }): ActForm {
  return {
    title: t('day.actCloseCampaign', { name: campaign.name }),
    lead: t('day.leadCloseCampaign'),
    submit: t('day.doClose'),
    fields: [note()],
    path: `/campaigns/${encodeURIComponent(campaign.id)}/close`,
    body: (values) => given('note', values.text('note')),
  };
}

export function noteForm(): ActForm {
  return {
    title: t('day.actNote'),
    submit: t('day.doNote'),
    fields: [
      {
        kind: 'text',
        name: 'text',
        label: t('matter.note'),
        max: 500,
        required: true,
        hint: t('matter.noNames'),
      },
    ],
    path: '/notes',
    body: (values) => ({ text: values.needText('text') }),
  };
}

/** @param month `YYYY-MM`. */
export function closeMonthForm(month: string, words: string): ActForm {
  return {
    title: t('day.actCloseMonth', { month: words }),
    lead: t('day.leadCloseMonth'),
    submit: t('day.doCloseMonth'),
    fields: [{ kind: 'flag', name: 'sure', label: t('day.balanceSeen'), required: true }, note()],
    path: '/closings',
    body: (values) => ({ month, ...given('note', values.text('note')) }),
  };
}

function note(): Field {
  return { kind: 'text', name: 'note', label: t('matter.note'), max: 500, hint: t('matter.noNames') };
}
