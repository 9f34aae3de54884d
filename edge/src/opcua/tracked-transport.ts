/** TCP under OPC UA, held where we can reach it: a dead server must not keep us waiting for a polite goodbye. */
import { Socket } from 'node:net';
import type { IClientTransport, IClientTransportFactory } from 'node-opcua-transport';
import type { OpcuaLibrary } from './library.ts';

export interface TrackedTransports {
  readonly factory: IClientTransportFactory;
  /** Resolves when a server has answered the first greeting (HEL/ACK) on any transport. */
  readonly greeted: Promise<void>;
  /** Cuts every socket at once. */
  destroy(): void;
}

export function trackTransports(library: OpcuaLibrary): TrackedTransports {
  const open = new Set<IClientTransport>();
  const greeted = Promise.withResolvers<void>();
  return {
    factory: {
      create(settings) {
        const transport = library.transport.defaultClientTransportFactory.create(settings);
        open.add(transport);
        transport.once('connect', () => {
          // The library leaves Nagle's algorithm on, which holds a small request back while an earlier one is
          // unacknowledged.
          socketOf(transport)?.setNoDelay(true);
          greeted.resolve();
        });
        transport.once('close', () => open.delete(transport));
        return transport;
      },
    },
    greeted: greeted.promise,
    destroy() {
      for (const transport of open) {
        socketOf(transport)?.destroy();
        transport.dispose();
      }
      open.clear();
    },
  };
}

/** The library has no public way to the socket of a transport. */
function socketOf(transport: IClientTransport): Socket | null {
  const socket: unknown = Reflect.get(transport, '_socket');
  return socket instanceof Socket ? socket : null;
}
