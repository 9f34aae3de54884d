/** Who signs requests to an edge as a server does: hears its heartbeats, its pictures and its answers on a real broker. */
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { decodeReply, signCommand, type CommandReply, type CommandRequest } from '@trame/protocol/command';
import { decodeControlPicture, type ControlPicture } from '@trame/protocol/control/control-picture';
import { decodeHeartbeat } from '@trame/protocol/heartbeat';
import { trameTopic } from '@trame/protocol/topics';
import { connectAsync, type MqttClient } from 'mqtt';
import { until } from './sparkplug/test-broker.ts';

const SITE = 'caux';
const LINE = 'tri-1';
export const ACTOR = 'cafe0123cafe0123';

export class TestSupervisor implements AsyncDisposable {
  readonly replies: CommandReply[] = [];
  readonly pictures: ControlPicture[] = [];
  /** The last that was heard; forgotten when an edge is started again. */
  heartbeat: { readonly boot: string; readonly tick: number } | null = null;
  readonly #client: MqttClient;
  readonly #key: KeyObject;

  private constructor(client: MqttClient, key: KeyObject) {
    this.#client = client;
    this.#key = key;
    client.on('message', (topic, payload) => this.#heard(topic, payload));
  }

  /** @param keyFile where the public half of its key is put. */
  static async start(url: string, keyFile: string): Promise<TestSupervisor> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(keyFile, publicKey.export({ type: 'spki', format: 'pem' }));
    const supervisor = new TestSupervisor(await connectAsync(url), privateKey);
    const topics = (['reply', 'heartbeat', 'control'] as const).map((name) => trameTopic(SITE, LINE, name));
    await supervisor.#client.subscribeAsync(topics, { qos: 1 });
    return supervisor;
  }

  get picture(): ControlPicture | null {
    return this.pictures.at(-1) ?? null;
  }

  /** Waits for a picture that is as wanted. */
  async sees(what: string, isSo: (picture: ControlPicture) => boolean): Promise<ControlPicture> {
    return until(what, () => (this.picture !== null && isSo(this.picture) ? this.picture : null), 15_000);
  }

  /** @returns a request that quotes the last heartbeat, signed. */
  sign(command: string, args: CommandRequest['args'] = {}, over: Partial<CommandRequest> = {}): Signed {
    const id = randomBytes(16).toString('hex');
    const quoted = this.heartbeat === null ? {} : { heartbeat: this.heartbeat };
    const asked = {
      v: 1,
      id,
      site: SITE,
      line: LINE,
      command,
      args,
      actorRef: ACTOR,
      at: 1,
      ...quoted,
    } as const;
    const request: CommandRequest = { ...asked, ...over };
    return { id: request.id, bytes: JSON.stringify(signCommand(request, this.#key)) };
  }

  send({ bytes }: Pick<Signed, 'bytes'>): void {
    this.#client.publish(trameTopic(SITE, LINE, 'command'), bytes, { qos: 1 });
  }

  answersTo(id: string): readonly CommandReply[] {
    return this.replies.filter((reply) => reply.id === id);
  }

  /** Sends a request and waits for its last answer. */
  async ask(command: string, args: CommandRequest['args'] = {}, over: Partial<CommandRequest> = {}) {
    await until('a heartbeat is heard', () => this.heartbeat !== null);
    const request = this.sign(command, args, over);
    this.send(request);
    return this.outcome(request.id);
  }

  async outcome(id: string): Promise<CommandReply> {
    return until(
      `the outcome of ${id}`,
      () => this.answersTo(id).find(({ code }) => code !== 'accepted'),
      20_000,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync(true);
  }

  #heard(topic: string, payload: Uint8Array): void {
    if (topic.endsWith('/reply')) {
      const reply = decodeReply(payload);
      if (reply === null) throw new Error('this is no reply');
      this.replies.push(reply);
    } else if (topic.endsWith('/heartbeat')) {
      const beat = decodeHeartbeat(payload);
      this.heartbeat = beat === null ? null : { boot: beat.boot, tick: beat.tick };
    } else {
      const picture = decodeControlPicture(payload);
      if (picture === null) throw new Error(`this is no picture: ${Buffer.from(payload).toString()}`);
      this.pictures.push(picture);
    }
  }
}

export interface Signed {
  readonly id: string;
  readonly bytes: string;
}
