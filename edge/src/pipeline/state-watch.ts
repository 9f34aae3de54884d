/** Tells states of devices and of the line when they differ from what the ledger says of them. */
import {
  deviceEvent,
  deviceMarkName,
  LINE_STATE_MARK,
  LINE_STATES_A_MINUTE,
  lineStateEvent,
  lineStateMark,
  lineStateName,
  lineStateOf,
  PRESENCE_HOLD_MS,
  PRESENCES_A_MINUTE,
  UNKNOWN_HOLD_MS,
} from '../domain/line-events-states.ts';
import { nextSteady, startSteady, type SteadyState } from '../domain/line-events-steady.ts';
import type { LineEvent } from '../domain/line-events.ts';
import type { LineStateTag, RolesConfig } from '../domain/line-config.ts';
import type { TagRef } from '../domain/tag-ref.ts';
import type { Instant, TagState } from '../domain/tag-state.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { DeviceState } from './process-image.ts';

type Devices = ReadonlyMap<string, DeviceState>;

export class StateWatch {
  readonly #devices: Map<string, SteadyState>;
  readonly #stateTag: LineStateTag | null;
  readonly #stopTag: TagRef | null;
  #line: SteadyState;

  constructor(deviceIds: readonly string[], roles: RolesConfig, ledger: Pick<Ledger, 'mark'>) {
    this.#devices = new Map(deviceIds.map((id) => [id, startSteady(ledger.mark(deviceMarkName(id)))]));
    this.#line = startSteady(ledger.mark(LINE_STATE_MARK));
    this.#stateTag = roles.lineState;
    const { safety } = roles.description;
    this.#stopTag =
      safety?.emergencyStop === undefined ? null : { device: safety.device, tag: safety.emergencyStop };
  }

  /** To be called after each cycle. */
  line(devices: Devices, at: Instant): readonly LineEvent[] {
    const refs = [this.#stateTag, this.#stopTag].flatMap((ref) => ref ?? []);
    if (refs.length === 0) return [];
    const isKnown = refs.every(({ device }) => devices.get(device)?.presence !== 'starting');
    const name = lineStateName(this.#stateTag, (ref) => tagOf(devices, ref));
    const state = lineStateOf(name, tagOf(devices, this.#stopTag));
    const mark = lineStateMark(state);
    const isSilent =
      (this.#stateTag !== null && state.state === 'unknown') ||
      (this.#stopTag !== null && state.emergencyStop === null);
    const rule = { holdMs: isSilent ? UNKNOWN_HOLD_MS : 0, toldMax: LINE_STATES_A_MINUTE };
    const step = nextSteady(this.#line, isKnown ? mark : null, rule, at);
    this.#line = step.state;
    return step.tell === null ? [] : [lineStateEvent(state, mark, step.tell.since.wallMs)];
  }

  /** To be called every second. */
  presences(devices: Devices, at: Instant): readonly LineEvent[] {
    const events: LineEvent[] = [];
    const rule = { holdMs: PRESENCE_HOLD_MS, toldMax: PRESENCES_A_MINUTE };
    for (const [id, before] of this.#devices) {
      const device = devices.get(id);
      const presence = device === undefined || device.presence === 'starting' ? null : device.presence;
      const step = nextSteady(before, presence, rule, at);
      this.#devices.set(id, step.state);
      if (step.tell === null || device === undefined || presence === null) continue;
      events.push(deviceEvent(id, presence, device.reason, step.tell.since.wallMs));
    }
    return events;
  }
}

function tagOf(devices: Devices, ref: TagRef | null): TagState | null {
  return ref === null ? null : (devices.get(ref.device)?.tags.get(ref.tag) ?? null);
}
