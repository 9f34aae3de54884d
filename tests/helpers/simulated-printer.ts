import { join } from 'node:path';
import { ROOT, spawnProcess } from './process.ts';
import { simulationControl, type SimulationControl } from './simulation-control.ts';

export interface SimulatedPrinter extends AsyncDisposable {
  readonly printerPort: number;
  readonly control: SimulationControl;
  /** What it printed, oldest first. */
  readonly jobs: () => Promise<readonly { readonly id: number; readonly text: string }[]>;
}

const ANY_PORTS = {
  TRAME_OPCUA_PORT: '0',
  TRAME_MODBUS_PORT: '0',
  TRAME_PRINTER_PORT: '0',
  TRAME_SIM_PORT: '0',
};

/** A simulated line of hands for the sake of its label printer. @param dataDir where it keeps what it does. */
export async function simulatedPrinter(dataDir: string): Promise<SimulatedPrinter> {
  const program = join(ROOT, 'simulators/src/main.ts');
  const words = [program, 'run', '--profile', 'manual', '--data', dataDir];
  const simulation = spawnProcess(process.execPath, words, { env: ANY_PORTS });
  const ready = await simulation.waitForLine(/^\{"ready":true/u);
  const { ports } = JSON.parse(ready) as { readonly ports: Readonly<Record<string, number>> };
  const control = ports['control'] ?? 0;
  return {
    printerPort: ports['label-printer'] ?? 0,
    control: simulationControl(control),
    jobs: async () => {
      const answer = await fetch(`http://127.0.0.1:${control}/printer/jobs`);
      return ((await answer.json()) as { jobs: { id: number; text: string }[] }).jobs;
    },
    [Symbol.asyncDispose]: () => simulation[Symbol.asyncDispose](),
  };
}
