/** Who asks things of an edge as a server does, over the broker: signs requests, quotes heartbeats, hears answers and pictures. */
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import {
  decodeReply,
  signCommand,
  type CommandReply,
  type CommandRequest,
  type SignedCommand,
} from '@trame/protocol/command';
import { decodeControlPicture, type ControlPicture } from '@trame/protocol/control/control-picture';
import { decodeHeartbeat, type Heartbeat } from '@trame/protocol/heartbeat';
import { trameTopic } from '@trame/protocol/topics';
import { connectAsync } from 'mqtt';
import { begun } from './begun.ts';
import { until } from './until.ts';

export interface LineSupervisor extends AsyncDisposable {
  /** The last one; null: none was heard. */
  readonly picture: () => ControlPicture | null;
  readonly sees: (what: string, isSo: (picture: ControlPicture) => boolean) => Promise<ControlPicture>;
  /** Sends a request and waits for its last answer. */
  readonly ask: (
    command: string,
    args?: Readonly<Record<string, unknown>>,
    changes?: RequestChanges,
  ) => Promise<CommandReply>;
  /** A request that quotes the last heartbeat, signed and not sent. */
  readonly sign: (
    command: string,
    args?: Readonly<Record<string, unknown>>,
    changes?: RequestChanges,
  ) => Promise<SignedCommand>;
  /** Sends it as often as it is called, whatever it is. @returns the last answer to this sending. */
  readonly send: (signed: SignedCommand) => Promise<CommandReply>;
  /** Sends it, and waits for nothing. */
  readonly post: (signed: SignedCommand) => Promise<void>;
  /** All that the edge answered, oldest first. */
  readonly replies: () => readonly CommandReply[];
}

/** What is said otherwise than a supervisor says it. */
export interface RequestChanges {
  readonly actorRef?: string;
  readonly site?: string;
  readonly line?: string;
  /** Somebody else's key. */
  readonly key?: KeyObject;
}

/** With room for a machine that does other things. */
const OUTCOME_MS = 60_000;
const SUPERVISOR = 'cafe0123cafe0123';

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
  const sign: LineSupervisor['sign'] = async (command, args = {}, { key = privateKey, ...changes } = {}) => {
    const { boot, tick } = await until('a heartbeat', () => heard.heartbeat);
    const request: CommandRequest = {
      v: 1,
      id: randomBytes(16).toString('hex'),
      site,
      line,
      command,
      args,
      actorRef: SUPERVISOR,
      at: 0,
      heartbeat: { boot, tick },
      ...changes,
    };
    return signCommand(request, key);
  };
  const post: LineSupervisor['post'] = async (signed) => {
    await client.publishAsync(trameTopic(site, line, 'command'), JSON.stringify(signed), { qos: 1 });
  };
  const send: LineSupervisor['send'] = async (signed) => {
    const before = replies.length;
    await post(signed);
    const { id, command } = signed.request;
    return until(
      `the outcome of ${command}`,
      () => replies.slice(before).find((reply) => reply.id === id && reply.code !== 'accepted'),
      OUTCOME_MS,
    );
  };
  const supervisor: LineSupervisor = {
    picture: () => heard.picture,
    sees: (what, isSo) =>
      until(what, () => (heard.picture !== null && isSo(heard.picture) ? heard.picture : null), OUTCOME_MS),
    ask: async (command, args, changes) => send(await sign(command, args, changes)),
    sign,
    send,
    post,
    replies: () => replies,
    [Symbol.asyncDispose]: () => client.endAsync(true),
  };
  return begun(supervisor, () =>
    client.subscribeAsync(
      (['reply', 'heartbeat', 'control'] as const).map((name) => trameTopic(site, line, name)),
    ),
  );
}
