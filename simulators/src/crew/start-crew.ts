import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CrewSettings } from '../settings.ts';
import { systemClock } from '../system/clock.ts';
import { runCrew } from './crew.ts';
import { MemoryFile } from './memory.ts';
import { PlantClient } from './plant-client.ts';
import { SiteClient } from './site-client.ts';

/** The crew as it was called for, until `stopping` aborts. */
export function startCrew(settings: CrewSettings, log: Logger, stopping: AbortSignal): Promise<void> {
  const { server, accounts, sim, dataDirectory } = settings;
  return runCrew(
    {
      site: new SiteClient(server, accounts),
      plant: new PlantClient(sim),
      memory: new MemoryFile(join(dataDirectory, 'simulators', 'crew.json')),
      clock: systemClock,
      log,
    },
    stopping,
  );
}
