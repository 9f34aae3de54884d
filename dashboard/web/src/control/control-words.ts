/** French for every code in which a line speaks of its control. A code without a word does not compile. */
import type {
  CommandOutcomeName,
  CommandPhase,
  CommandRefusal,
  LineMode,
  MotionCommand,
} from '@trame/protocol/control/control-names';
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import type { LineStateName } from '@trame/protocol/ledger-payloads';
import type { StationState } from '@trame/protocol/line-description';
import type { MessageKey } from '../messages/translate.ts';

type Words<T extends string> = Readonly<Record<T, MessageKey>>;

/** A line is …: `en marche`. */
export const LINE_STATE_WORDS: Words<LineStateName> = {
  clearing: 'lineState.clearing',
  stopped: 'lineState.stopped',
  starting: 'lineState.starting',
  idle: 'lineState.idle',
  suspended: 'lineState.suspended',
  execute: 'lineState.execute',
  stopping: 'lineState.stopping',
  aborting: 'lineState.aborting',
  aborted: 'lineState.aborted',
  holding: 'lineState.holding',
  held: 'lineState.held',
  unholding: 'lineState.unholding',
  suspending: 'lineState.suspending',
  unsuspending: 'lineState.unsuspending',
  resetting: 'lineState.resetting',
  completing: 'lineState.completing',
  complete: 'lineState.complete',
  unknown: 'lineState.unknown',
};

export const MODE_WORDS: Words<LineMode> = {
  production: 'lineMode.production',
  maintenance: 'lineMode.maintenance',
  manual: 'lineMode.manual',
  school: 'lineMode.school',
};

/** What is done, as a name: `Démarrage`. */
export const MOTION_WORDS: Words<MotionCommand> = {
  'line.start': 'order.lineStart',
  'line.stop': 'order.lineStop',
  'line.hold': 'order.lineHold',
  'line.unhold': 'order.lineUnhold',
  'line.reset': 'order.lineReset',
  'line.mode': 'order.lineMode',
  'setpoint.write': 'order.setpoint',
  'programme.download': 'order.programme',
  'diverter.set': 'order.diverter',
  'scale.tare': 'order.tare',
  'scale.zero': 'order.zero',
};

/** Why not. Those of `state` and the like have further words where `ref` says which. */
export const REASON_WORDS: Words<CommandRefusal> = {
  'not-commanded': 'whyNot.notCommanded',
  'device-offline': 'whyNot.deviceOffline',
  'not-remote': 'whyNot.notRemote',
  'no-local-enable': 'whyNot.noLocalEnable',
  'emergency-stop': 'whyNot.emergencyStop',
  interlock: 'whyNot.interlock',
  'state-unknown': 'whyNot.stateUnknown',
  'wrong-state': 'whyNot.wrongState',
  'wrong-mode': 'whyNot.wrongMode',
  busy: 'whyNot.busy',
  'not-in-control': 'whyNot.notInControl',
  'out-of-range': 'whyNot.outOfRange',
  'unknown-setpoint': 'whyNot.unknownSetpoint',
  'unknown-programme': 'whyNot.unknownProgramme',
  'unknown-outlet': 'whyNot.unknownOutlet',
  'unknown-scale': 'whyNot.unknownScale',
  'programme-mixed': 'whyNot.programmeMixed',
  'scale-not-ready': 'whyNot.scaleNotReady',
  'refused-by-device': 'whyNot.refusedByDevice',
};

export const OUTCOME_WORDS: Words<CommandOutcomeName> = {
  done: 'outcome.done',
  refused: 'outcome.refused',
  failed: 'outcome.failed',
  unconfirmed: 'outcome.unconfirmed',
  unknown: 'outcome.unknown',
};

export const PHASE_WORDS: Words<CommandPhase> = {
  requested: 'orderPhase.requested',
  warning: 'orderPhase.warning',
  sequence: 'orderPhase.sequence',
  readback: 'orderPhase.readback',
};

export const STATION_WORDS: Words<StationState> = {
  off: 'state.off',
  stopped: 'state.stopped',
  starting: 'state.starting',
  running: 'state.running',
  starved: 'state.starved',
  blocked: 'state.blocked',
  jammed: 'state.jammed',
  fault: 'state.fault',
};

type PressPhase = NonNullable<ControlPicture['presses'][number]['phase']>;

export const PRESS_WORDS: Words<PressPhase> = {
  idle: 'pressPhase.idle',
  filling: 'pressPhase.filling',
  compressing: 'pressPhase.compressing',
  tying: 'pressPhase.tying',
  ejecting: 'pressPhase.ejecting',
  waiting: 'pressPhase.waiting',
};

/** Refusals of the server, and of the line before it looks at what is asked. */
export const SERVER_REFUSAL_WORDS: Readonly<Record<string, MessageKey>> = {
  'edge-silent': 'orderRefusal.edgeSilent',
  'not-from-a-phone': 'orderRefusal.phone',
  'not-from-here': 'orderRefusal.notFromHere',
  forbidden: 'orderRefusal.forbidden',
  'cross-site': 'orderRefusal.forbidden',
  busy: 'orderRefusal.serverBusy',
  'key-reused': 'orderRefusal.keyReused',
  expired: 'orderRefusal.expired',
  'not-stored': 'orderRefusal.notStored',
  'unknown-key': 'orderRefusal.unknownKey',
  'bad-signature': 'orderRefusal.unknownKey',
  'unknown-line': 'orderRefusal.unknownLine',
  'invalid-request': 'orderRefusal.invalid',
  'invalid-args': 'orderRefusal.invalid',
  'unknown-command': 'orderRefusal.invalid',
};
