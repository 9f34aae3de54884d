/** A connection as this edge node needs it: its will, its client id, what it listens to. */
import { encodePayload } from '@trame/protocol/sparkplug/payload';
import { deviceTopic, nodeTopic, stateTopic } from '@trame/protocol/sparkplug/topic';
import type { UplinkConfig } from '../domain/line-config.ts';
import type { BrokerAccess } from '../mqtt/broker-access.ts';
import { MqttLink, type LinkHandlers } from '../mqtt/mqtt-link.ts';
import type { Clock } from '../ports/clock.ts';
import { clientIdOf } from './client-id.ts';
import { nodeDeath } from './payloads.ts';

export interface NodeLinkOptions {
  readonly site: string;
  readonly line: string;
  readonly config: UplinkConfig;
  readonly access: BrokerAccess;
  readonly bdSeq: number;
  readonly clock: Clock;
}

/** @throws when the client refuses the address. */
export function openNodeLink(options: NodeLinkOptions, handlers: LinkHandlers): MqttLink {
  const { site, line, config, access, bdSeq, clock } = options;
  const host = config.primaryHost === null ? [] : [stateTopic(config.primaryHost)];
  return new MqttLink(
    {
      config,
      access,
      clientId: clientIdOf(site, line),
      will: {
        topic: nodeTopic('NDEATH', site, line),
        payload: encodePayload(nodeDeath(bdSeq, clock.nowMs())),
      },
      subscriptions: [nodeTopic('NCMD', site, line), ...host],
      optionalSubscriptions: [deviceTopic('DCMD', site, line, '+')],
      clock,
    },
    handlers,
  );
}
