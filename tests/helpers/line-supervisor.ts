/** Who asks things of an edge as a server does, over the broker: signs requests, quotes heartbeats, hears answers and pictures. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { decodeReply, signCommand, type CommandReply } from '@trame/protocol/command';
import { decodeControlPicture, type ControlPicture } from '@trame/protocol/control/control-picture';
import { decodeHeartbeat, type Heartbeat } from '@trame/protocol/heartbeat';
import { trameTopic } from '@trame/protocol/topics';
import { connectAsync } from 'mqtt';
import { until } from './until.ts';

export interface LineSupervisor extends AsyncDisposable {
  /** The last one; null: none was heard. */
  readonly picture: () => ControlPicture | null;
  readonly sees: (what: string, isSo: (picture: ControlPicture) => boolean) => Promise<ControlPicture>;
  /** Sends a request and waits for its last answer. */
  readonly ask: (command: string, args?: Readonly<Record<string, unknown>>) => Promise<CommandReply>;
}

const OUTCOME_MS = 30_000;
const ACTOR = 'cafe0123cafe0123';

/** @param keyFile where the public half of its key is put, for the edge to trust. */
export async function superviseLine(
  brokerUrl: string,
  site: string,
  line: string,
  keyFile: string,
): Promise<LineSupervisor> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(keyFile, publicKey.export({ type: 'spki', format: 'pem' }));
  const client = await connectAsync(brokerUrl);
  const replies: CommandReply[] = [];
  const heard: { heartbeat: Heartbeat | null; picture: ControlPicture | null } = {
    heartbeat: null,
    picture: null,
  };
  client.on('message', (topic, payload) => {
    const reply = topic.endsWith('/reply') ? decodeReply(payload) : null;
    if (reply !== null) replies.push(reply);
    if (topic.endsWith('/heartbeat')) heard.heartbeat = decodeHeartbeat(payload);
    if (topic.endsWith('/control')) heard.picture = decodeControlPicture(payload);
  });
  await client.subscribeAsync(
    (['reply', 'heartbeat', 'control'] as const).map((name) => trameTopic(site, line, name)),
  );
  return {
    picture: () => heard.picture,
    sees: (what, isSo) =>
      until(what, () => (heard.picture !== null && isSo(heard.picture) ? heard.picture : null), OUTCOME_MS),
    ask: async (command, args = {}) => {
      const { boot, tick } = await until('a heartbeat', () => heard.heartbeat);
      const id = randomBytes(16).toString('hex');
      const request = {
        v: 1,
        id,
        site,
        line,
        command,
        args,
        actorRef: ACTOR,
        at: 0,
        heartbeat: { boot, tick },
      } as const;
      await client.publishAsync(
        trameTopic(site, line, 'command'),
        JSON.stringify(signCommand(request, privateKey)),
        { qos: 1 },
      );
      return until(
        `the outcome of ${command}`,
        () => replies.find((reply) => reply.id === id && reply.code !== 'accepted'),
        OUTCOME_MS,
      );
    },
    [Symbol.asyncDispose]: () => client.endAsync(true),
  };
}
