/** What an edge says of itself on its own machine. */
import type { Heartbeat } from '@trame/protocol/heartbeat';
import type { Site } from './site.ts';

export interface EdgeHealth extends Pick<Heartbeat, 'ledger' | 'spool' | 'disk' | 'clock'> {
  readonly status: string;
  readonly keepsCounts: boolean;
  readonly uplink: { readonly state: string; readonly reason: string | null } | null;
  readonly devices: readonly { readonly id: string; readonly state: string }[];
}

export async function edgeHealth({ ports }: Pick<Site, 'ports'>): Promise<EdgeHealth> {
  const response = await fetch(`http://127.0.0.1:${ports.edgeHttp}/healthz`);
  return (await response.json()) as EdgeHealth;
}
