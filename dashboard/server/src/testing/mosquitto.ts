import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { Service } from './service.ts';
import { tempDir } from './temp-dir.ts';

export interface Mosquitto extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** As a power cut. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** Starts the real broker on a free port of this machine. */
export async function startMosquitto(): Promise<Mosquitto> {
  const directory = tempDir();
  const port = await freePort();
  const file = join(directory.path, 'mosquitto.conf');
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n`);
  const service = new Service('/usr/sbin/mosquitto', ['-c', file], () => accepts(port));
  await service.start();
  return {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    kill: () => service.kill(),
    start: () => service.start(),
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      directory[Symbol.dispose]();
    },
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
