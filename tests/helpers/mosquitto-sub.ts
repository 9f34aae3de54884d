import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { decodePayload } from 'sparkplug-payload/lib/sparkplugbpayload.js';

/** A Sparkplug message as a third party sees it: another client, another decoder. */
export interface SeenMessage {
  readonly topic: string;
  readonly retained: boolean;
  readonly qos: number;
  /** Null when the payload is not Sparkplug (STATE messages are JSON). */
  readonly payload: ReturnType<typeof decodePayload> | null;
  readonly bytes: Buffer;
}

/**
 * Listens with `mosquitto_sub` until disposed.
 * @param url `mqtt://host:port`
 */
export function listenAsThirdParty(url: string, topic: string): ThirdParty {
  return new ThirdParty(url, topic);
}

class ThirdParty implements AsyncDisposable {
  readonly messages: SeenMessage[] = [];
  readonly #child;
  readonly #closed: Promise<void>;

  constructor(url: string, topic: string) {
    const { hostname, port } = new URL(url);
    const format = '%r %q %t %x';
    this.#child = spawn('mosquitto_sub', ['-h', hostname, '-p', port, '-t', topic, '-F', format], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#closed = new Promise((resolve) => {
      this.#child.once('close', () => {
        resolve();
      });
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.messages.push(parseLine(line));
    });
  }

  /** Waits until some message satisfies the condition, and gives the first that does. */
  async waitFor(
    what: string,
    wanted: (message: SeenMessage) => boolean,
    timeoutMs = 15_000,
  ): Promise<SeenMessage> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = this.messages.find(wanted);
      if (found !== undefined) return found;
      if (performance.now() > deadline) {
        const topics = [...new Set(this.messages.map((message) => message.topic))].join(', ');
        throw new Error(`no ${what} within ${timeoutMs} ms; seen: ${topics || 'nothing'}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#closed;
  }
}

export type { ThirdParty };

function parseLine(line: string): SeenMessage {
  const match = /^(?<retained>[01]) (?<qos>[012]) (?<topic>\S+) (?<hex>[0-9a-f]*)$/u.exec(line);
  if (match?.groups === undefined) throw new Error(`mosquitto_sub printed «${line}»`);
  const bytes = Buffer.from(match.groups['hex'] ?? '', 'hex');
  const topic = match.groups['topic'] ?? '';
  return {
    topic,
    retained: match.groups['retained'] === '1',
    qos: Number(match.groups['qos']),
    payload: topic.startsWith('spBv1.0/') && !topic.includes('/STATE/') ? decodeOrNull(bytes) : null,
    bytes,
  };
}

function decodeOrNull(bytes: Buffer): ReturnType<typeof decodePayload> | null {
  try {
    return decodePayload(bytes);
  } catch {
    return null;
  }
}
