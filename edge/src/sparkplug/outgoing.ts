/** The message that an effect of the session asks for: its topic and payload. */
import type { OutPayload } from '@trame/protocol/sparkplug/payload';
import { deviceTopic, nodeTopic } from '@trame/protocol/sparkplug/topic';
import type { BirthSource } from '../ports/uplink.ts';
import type { AliasBook } from './alias-book.ts';
import { deviceBirth, deviceData, deviceDeath, nodeBirth, nodeDeath, type NodeFacts } from './payloads.ts';
import type { SessionEffect } from './session-effect.ts';

export type MessageEffect = Extract<
  SessionEffect,
  { kind: 'nbirth' | 'dbirth' | 'ddeath' | 'ddata' | 'ndeath' }
>;

export interface OutgoingContext {
  readonly site: string;
  readonly line: string;
  readonly facts: NodeFacts;
  readonly births: BirthSource;
  readonly aliases: AliasBook;
}

export interface Outgoing {
  readonly topic: string;
  readonly payload: OutPayload;
}

/** Values are looked up now, when the message is sent: a birth tells the present. */
export function outgoing(effect: MessageEffect, context: OutgoingContext, nowMs: number): Outgoing {
  const { site, line, facts, births, aliases } = context;
  switch (effect.kind) {
    case 'nbirth':
      return {
        topic: nodeTopic('NBIRTH', site, line),
        payload: nodeBirth(facts, effect.bdSeq, effect.seq, nowMs),
      };
    case 'ndeath':
      return { topic: nodeTopic('NDEATH', site, line), payload: nodeDeath(effect.bdSeq, nowMs) };
    case 'dbirth': {
      const tags = births.device(effect.device) ?? [];
      return {
        topic: deviceTopic('DBIRTH', site, line, effect.device),
        payload: deviceBirth(effect.device, tags, aliases, effect.seq, nowMs),
      };
    }
    case 'ddeath':
      return {
        topic: deviceTopic('DDEATH', site, line, effect.device),
        payload: deviceDeath(effect.seq, nowMs),
      };
    case 'ddata': {
      const { device, samples, seq, historical } = effect;
      return {
        topic: deviceTopic('DDATA', site, line, device),
        payload: deviceData(device, samples, aliases, { seq, historical, nowMs }),
      };
    }
  }
}
