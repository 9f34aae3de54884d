/** What people add to the log of a shift: a note about the line, and the two signatures. */
import type { ShiftLog } from '@trame/protocol/stops/stop-answers';
import { given, type ActForm } from '../material/act-form.ts';
import { t } from '../messages/translate.ts';

type Side = ShiftLog['signatures'][number]['side'];

/** As the contract has it. */
const TEXT_MAX = 500;

export function lineNoteForm(line: string): ActForm {
  return {
    title: t('shiftLog.actNote'),
    lead: t('shiftLog.leadNote'),
    submit: t('shiftLog.doNote'),
    fields: [
      {
        kind: 'text',
        name: 'text',
        label: t('shiftLog.noteText'),
        max: TEXT_MAX,
        required: true,
        hint: t('matter.noNames'),
      },
    ],
    path: '/notes',
    body: (values) => ({ about: `line:${line}`, text: values.needText('text') }),
  };
}

/** @param alone who asks signed the other side: the same person signs both only by saying that nobody else is there. */
export function signForm(shift: NonNullable<ShiftLog['shift']>, side: Side, alone = false): ActForm {
  const isLeaving = side === 'leaving';
  return {
    title: t(isLeaving ? 'shiftLog.actLeave' : 'shiftLog.actArrive', { team: shift.team }),
    lead: t(isLeaving ? 'shiftLog.leadLeave' : 'shiftLog.leadArrive'),
    submit: t(isLeaving ? 'shiftLog.doLeave' : 'shiftLog.doArrive'),
    fields: [
      {
        kind: 'text',
        name: 'text',
        label: t(isLeaving ? 'shiftLog.passOn' : 'shiftLog.answer'),
        max: TEXT_MAX,
        hint: t('matter.noNames'),
      },
      ...(alone
        ? [{ kind: 'flag', name: 'alone', label: t('shiftLog.isAlone'), required: true } as const]
        : []),
    ],
    path: `/shifts/${encodeURIComponent(shift.id)}/sign`,
    body: (values) => ({ side, ...given('text', values.text('text')), ...(alone ? { alone } : {}) }),
  };
}
