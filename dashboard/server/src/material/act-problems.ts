/** What each refusal of an act about material is called over HTTP. Programs read the code, people the page's own words. */
import type { MaterialRefusalCode } from '@trame/protocol/material/material-names';

interface Refusal {
  readonly status: 404 | 409 | 413;
  readonly title: string;
}

function conflict(title: string): Refusal {
  return { status: 409, title };
}

function unknown(what: string): Refusal {
  return { status: 404, title: `There is no such ${what}` };
}

export const ACT_PROBLEMS: Readonly<Record<MaterialRefusalCode, Refusal>> = {
  'unknown-partner': unknown('partner'),
  'unknown-lot': unknown('lot'),
  'unknown-container': unknown('container'),
  'unknown-output': unknown('output'),
  'unknown-shipment': unknown('shipment'),
  'unknown-outlet': unknown('outlet'),
  'unknown-zone': unknown('zone'),
  'unknown-press': unknown('press'),
  'unknown-printer': unknown('printer'),
  'unknown-document': unknown('document'),
  'unknown-weighing': unknown('weighing'),
  'unknown-scale': unknown('scale'),
  'unknown-account': unknown('place that holds material'),
  'unknown-line': unknown('line'),
  'unknown-shift': unknown('shift'),
  'unknown-campaign': unknown('campaign'),
  'unknown-stop': unknown('stop'),
  'unknown-cause': unknown('cause of a stop'),
  'unknown-programme': unknown('version of a sort programme'),
  'already-exists': conflict('It exists already'),
  'net-not-positive': conflict('The net weight is nothing or less'),
  'tare-above-gross': conflict('The tare is above the gross weight'),
  'impossible-weight': conflict('There is no weight, or one that cannot be'),
  'weighed-just-now': conflict('The same container was weighed less than a minute before'),
  'weighing-claimed': conflict('That weighing was used already'),
  'weighing-refused': conflict('The scale refused that weighing'),
  'communes-not-whole': conflict('The parts of the communes are not a thousand together'),
  'more-than-there-is': conflict('That is more than there is'),
  'nothing-there': conflict('There is nothing there'),
  'not-empty': conflict('It is not empty'),
  'wrong-state': conflict('In its state that cannot be done'),
  'already-shipped': conflict('It was shipped already: it can be returned or corrected'),
  'not-weighed': conflict('It was not weighed yet'),
  'month-closed': conflict('That month is closed'),
  'in-the-future': conflict('It is dated in the future'),
  'too-long-ago': conflict('It is dated too long ago'),
  'not-yet-there': conflict('It is dated before that was there'),
  'nothing-said': conflict('Nothing of what could be said of it is said'),
  'foreign-code': conflict('That code is none of this site'),
  'code-taken': conflict('That label is bound to something else'),
  'count-differs': conflict('The count differs from what was found'),
  'reason-missing': conflict('A difference needs its reason'),
  'not-the-outlet': conflict('That outlet is not open there'),
  'weight-differs': conflict('The weight differs from what it was'),
  'ceiling-reached': conflict('There is no room left'),
  retired: conflict('It is used no more'),
  'already-done': conflict('That was done already'),
  'signed-by-you': conflict('One account does not sign both sides of a hand-over'),
  'signed-by-another': conflict('Another account signed there'),
  'programme-exists': conflict('There is a sort programme of that name already'),
  'programme-moved-on': conflict('A later version of that sort programme was saved meanwhile'),
  'programme-faulty': conflict('That sort programme cannot be used'),
  'same-account': conflict('Another account has to agree'),
  'not-waiting': conflict('Nothing waits there'),
  'another-waits': conflict('Another sort programme waits for that line'),
  'too-much-at-once': { status: 413, title: 'That is too much for one act' },
};
