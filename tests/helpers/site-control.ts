/** A whole site whose line is controlled over the dashboard's interface, and what stands at the line beside it. */
import type { CommandRow } from '@trame/protocol/control/control-answers';
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import type { HealthOverview } from '@trame/protocol/health-api';
import type { LiveLine } from '@trame/protocol/live-state';
import { begun } from './begun.ts';
import type { DashboardClient } from './dashboard-client.ts';
import { sendCommand, type Answer } from './line-command.ts';
import { atThePanel, LINE_ON_MODBUS } from './line-control.ts';
import { readLineRegisters, type LineRegisters } from './line-registers.ts';
import { startSite, type Site, type SiteOptions } from './site.ts';
import { LINE } from './standstill.ts';
import { until } from './until.ts';

/** State of ISA-TR88.00.02. */
const EXECUTE = 6;
/** With room for a machine that does other things. */
const SEEN_WITHIN_MS = 90_000;

export interface SiteControl {
  /** What the server shows of the line. */
  readonly sees: (
    client: DashboardClient,
    what: string,
    isSo: (picture: ControlPicture) => boolean,
  ) => Promise<ControlPicture>;
  /** A server that was started again has heard the line's heartbeat: until then it sends nothing that moves. */
  readonly heard: (client: DashboardClient) => Promise<void>;
  /** The local enable counts for long enough to ask for a start. */
  readonly enabled: (client: DashboardClient) => Promise<void>;
  /** Asks under a key of its own. */
  readonly ask: (
    client: DashboardClient,
    command: string,
    args?: Readonly<Record<string, unknown>>,
    key?: string,
  ) => Promise<Answer>;
  /** Waits until the outcome of a request is told. */
  readonly outcome: (client: DashboardClient, id: string | undefined) => Promise<CommandRow>;
  readonly panel: (change: object) => Promise<void>;
  readonly registers: () => Promise<LineRegisters>;
}

/** The line of machines at ×20, started by its crew and then left to whoever controls it. */
export async function startControlledSite(options: Partial<SiteOptions> = {}): Promise<Site> {
  const site = await startSite({
    history: 'embedded',
    speed: 20,
    simulatorArgs: ['--no-incidents', '--crew-within', '1'],
    ...options,
  });
  return begun(site, async ({ ports }) => {
    // Told before, the crew would not start it the first time either.
    const isStarted = async () => (await readLineRegisters(ports.modbus + LINE_ON_MODBUS)).state === EXECUTE;
    await until('the crew has started the line', isStarted, SEEN_WITHIN_MS);
    await atThePanel(ports.sim, { restarts: false });
  });
}

const sees: SiteControl['sees'] = (client, what, isSo) =>
  until(
    what,
    async () => {
      const { control } = (await client.get(`/api/v1/lines/${LINE}`)) as LiveLine;
      return control !== null && isSo(control) && control;
    },
    SEEN_WITHIN_MS,
  );

export function siteControl(site: Pick<Site, 'ports'>): SiteControl {
  let keys = 0;
  return {
    sees,
    heard: async (client) => {
      await until(
        'the server has heard the line',
        async () => {
          const { lines } = (await client.get('/api/v1/health')) as HealthOverview;
          return lines.some(({ line, heartbeat }) => line === LINE && heartbeat !== null);
        },
        SEEN_WITHIN_MS,
      );
    },
    enabled: async (client) => {
      await sees(client, 'the local enable counts', ({ enableLeftMs }) => (enableLeftMs ?? 0) > 3000);
    },
    ask: (client, command, args = {}, key = `controlled-${(keys += 1)}`) =>
      sendCommand(client, key, command, args),
    outcome: (client, id) =>
      until(
        `the outcome of ${id}`,
        async () => {
          const row = (await client.get(`/api/v1/commands/${id}`)) as CommandRow;
          return row.outcome !== 'checking' && row;
        },
        SEEN_WITHIN_MS,
      ),
    panel: (change) => atThePanel(site.ports.sim, change),
    registers: () => readLineRegisters(site.ports.modbus + LINE_ON_MODBUS),
  };
}
