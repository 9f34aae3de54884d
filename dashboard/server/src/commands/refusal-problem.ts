/** A line that refuses to be moved: a problem document with every reason, its code that of the first. */
import type { CommandReason } from '@trame/protocol/control/control-events';
import type { CommandRefusal } from '@trame/protocol/control/control-names';
import type { Problem } from '@trame/protocol/dashboard-api';

const TITLES: Readonly<Record<CommandRefusal, string>> = {
  'not-commanded': 'People start and stop this line by hand',
  'device-offline': 'The device that would carry it out does not answer',
  'not-remote': 'The switch at the line does not stand on remote',
  'no-local-enable': 'Nobody pressed the local enable within the last seconds',
  'emergency-stop': 'The emergency stop is pressed',
  interlock: 'An interlock forbids it',
  'state-unknown': 'The line does not say in which state it is',
  'wrong-state': 'In its state the line cannot do that',
  'wrong-mode': 'In its mode the line cannot do that',
  busy: 'Another command is being carried out',
  'not-in-control': 'Somebody else has the line in hand, or nobody has',
  'out-of-range': 'The value is out of range',
  'unknown-setpoint': 'The line has no such set-point',
  'unknown-programme': 'The line has no such programme',
  'unknown-outlet': 'The line has no such outlet',
  'unknown-scale': 'The line has no such scale',
  'programme-mixed': 'The sorter stands between two programmes',
  'scale-not-ready': 'The scale cannot do that now',
  'refused-by-device': 'The device refuses',
};

export interface LineRefusal {
  /** Of the request. */
  readonly id: string;
  readonly reasons: readonly CommandReason[];
  readonly detail: string | null;
}

/** @returns status 409; the request that was refused as `params.request`. */
export function refusalProblem({ id, reasons, detail }: LineRefusal): Problem {
  const [first] = reasons;
  const code = first?.code ?? 'refused';
  const words = detail ?? first?.words ?? '';
  return {
    type: `urn:trame:problem:${code}`,
    title: first === undefined ? 'The line refuses' : TITLES[first.code],
    status: 409,
    code,
    ...(words === '' ? {} : { detail: words }),
    params: { request: id },
    reasons: [...reasons],
  };
}
