/**
 * The last known state of every tag of every device. Only a cycle changes it, from start to end in one go,
 * so that whatever reads it between two cycles sees one moment of the line.
 */
import { bad } from '@trame/protocol/quality';
import type { Reading, TagDefinition } from '../domain/reading.ts';
import {
  degrade,
  expire,
  markTold,
  neverRead,
  repeat,
  takeReading,
  type Instant,
  type Sample,
  type TagState,
} from '../domain/tag-state.ts';
import type { TagSnapshot } from '../ports/uplink.ts';

export interface DeviceState {
  readonly presence: 'starting' | 'online' | 'offline';
  /** Why the device does not answer, in words for a person. */
  readonly reason: string | null;
  /** UTC ms of the last change of presence. */
  readonly sinceMs: number;
  /** Monotonic ms of the last reading that was not bad. */
  readonly lastDataAtMs: number | null;
  readonly tags: ReadonlyMap<string, TagState>;
}

interface MutableDevice {
  presence: DeviceState['presence'];
  reason: string | null;
  sinceMs: number;
  lastDataAtMs: number | null;
  tags: Map<string, TagState>;
}

export class ProcessImage {
  readonly #devices = new Map<string, MutableDevice>();

  constructor(deviceIds: readonly string[], at: Instant) {
    for (const id of deviceIds) {
      this.#devices.set(id, {
        presence: 'starting',
        reason: null,
        sinceMs: at.wallMs,
        lastDataAtMs: null,
        tags: new Map(),
      });
    }
  }

  get devices(): ReadonlyMap<string, DeviceState> {
    return this.#devices;
  }

  tag(device: string, tag: string): TagState | null {
    return this.#devices.get(device)?.tags.get(tag) ?? null;
  }

  /** @returns every tag of an online device, and notes them as published; null when it is not online. */
  birth(device: string, at: Instant): readonly TagSnapshot[] | null {
    const state = this.#devices.get(device);
    if (state?.presence !== 'online') return null;
    for (const [name, tag] of state.tags) state.tags.set(name, markTold(tag, at));
    return [...state.tags.values()];
  }

  /**
   * The device answers and these are its tags. A tag whose definition is unchanged keeps what is known of it
   * when the device was online already; after an absence every tag waits for its first reading.
   */
  online(device: string, definitions: readonly TagDefinition[], at: Instant): void {
    const state = this.#require(device);
    const tags = new Map<string, TagState>();
    for (const definition of definitions) {
      const known = state.presence === 'online' ? state.tags.get(definition.name) : undefined;
      const kept = known?.definition.type === definition.type ? { ...known, definition } : null;
      tags.set(definition.name, kept ?? neverRead(definition, at));
    }
    state.tags = tags;
    if (state.presence === 'online') return;
    state.presence = 'online';
    state.reason = null;
    state.sinceMs = at.wallMs;
  }

  /** @returns whether the device was not offline before. Every tag becomes bad, `device-offline`. */
  offline(device: string, reason: string, at: Instant): boolean {
    const state = this.#require(device);
    state.reason = reason;
    if (state.presence === 'offline') return false;
    state.presence = 'offline';
    state.sinceMs = at.wallMs;
    for (const [name, tag] of state.tags) {
      state.tags.set(name, degrade(tag, bad('device-offline'), at).state);
    }
    return true;
  }

  /** @returns the tag's new state and what to publish, or null when the device is not online with this tag. */
  read(device: string, reading: Reading, at: Instant): { tag: TagState; sample: Sample | null } | null {
    const state = this.#require(device);
    const before = state.tags.get(reading.tag);
    if (state.presence !== 'online' || before === undefined) return null;
    const step = takeReading(before, reading, at);
    state.tags.set(reading.tag, step.state);
    if (step.state.quality.level !== 'bad') state.lastDataAtMs = at.monotonicMs;
    return { tag: step.state, sample: step.sample };
  }

  /** Makes values past their age limit bad. @returns what to publish, by device. */
  expire(at: Instant): ReadonlyMap<string, readonly Sample[]> {
    const samples = new Map<string, Sample[]>();
    for (const [device, state] of this.#devices) {
      if (state.presence !== 'online') continue;
      for (const [name, tag] of state.tags) {
        const step = expire(tag, at);
        if (step.state === tag) continue;
        state.tags.set(name, step.state);
        if (step.sample !== null) samples.set(device, [...(samples.get(device) ?? []), step.sample]);
      }
    }
    return samples;
  }

  /** @returns one value to publish once more, of the first device that is online; null when none is. */
  repeatOne(at: Instant): { readonly device: string; readonly sample: Sample } | null {
    for (const [device, state] of this.#devices) {
      const [first] = state.presence === 'online' ? state.tags.values() : [];
      if (first === undefined) continue;
      const step = repeat(first, at);
      state.tags.set(first.definition.name, step.state);
      if (step.sample !== null) return { device, sample: step.sample };
    }
    return null;
  }

  #require(device: string): MutableDevice {
    const state = this.#devices.get(device);
    if (state === undefined) throw new Error(`a driver spoke for «${device}», which is not configured`);
    return state;
  }
}
