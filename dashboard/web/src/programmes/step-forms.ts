/** A line is asked to follow a version of a programme, somebody agrees, or withdraws what waits. */
import { given, type ActForm } from '../material/act-form.ts';
import { t } from '../messages/translate.ts';

export interface Step {
  readonly line: string;
  readonly programme: string;
  readonly version: number;
  /** What people call it. */
  readonly label: string;
}

/** @param approvals how many accounts have to agree. @param waits true: another account asked, this one agrees. */
export function activateForm(step: Step, approvals: number, waits: boolean): ActForm {
  const { line, label, version } = step;
  const alone = approvals === 1 || waits;
  return {
    title: t(alone ? 'programmeStep.activateTitle' : 'programmeStep.askTitle', { line, label, version }),
    lead: t(alone ? 'programmeStep.activateLead' : 'programmeStep.askLead', { line }),
    submit: t(alone ? (waits ? 'programmeStep.agree' : 'programmeStep.activate') : 'programmeStep.ask'),
    ...stepOf(step, 'activate'),
  };
}

export function withdrawForm(step: Step): ActForm {
  const { line, label, version } = step;
  return {
    title: t('programmeStep.withdrawTitle', { line, label, version }),
    lead: t('programmeStep.withdrawLead', { line }),
    submit: t('programmeStep.withdraw'),
    ...stepOf(step, 'withdraw'),
  };
}

function stepOf(
  { line, programme, version }: Step,
  act: 'activate' | 'withdraw',
): Pick<ActForm, 'fields' | 'path' | 'body'> {
  return {
    fields: [{ kind: 'text', name: 'note', label: t('matter.note'), max: 500, hint: t('matter.noNames') }],
    path: `/sort-programmes/${encodeURIComponent(programme)}/${act}`,
    body: (values) => ({ line, version, ...given('note', values.text('note')) }),
  };
}
