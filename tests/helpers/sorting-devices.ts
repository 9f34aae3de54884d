/** The simulated NIR station and sorter, a program of its own, and how a line's configuration names them. */
import { join } from 'node:path';
import { ROOT, spawnProcess } from './process.ts';

interface SortingPorts {
  readonly plc: number;
  readonly nir: number;
  readonly control: number;
}

interface SortingDevices extends AsyncDisposable {
  readonly ports: SortingPorts;
}

const READY_MS = 60_000;
const ANY_PORTS = {
  TRAME_OPCUA_PORT: '0',
  TRAME_MODBUS_PORT: '0',
  TRAME_PRINTER_PORT: '0',
  TRAME_LOG_LEVEL: 'warn',
};

/** A line of these two, which {@link withPorts} finds. */
export const SORTING_DEVICES = `site: caux
line: tri-1
devices:
  - id: nir
    driver: opcua
    url: opc.tcp://127.0.0.1:NIR
    tags: [{ name: ready, node: "nsu=urn:trame:nir;s=Station.Ready" }]
    ring:
      seq: "nsu=urn:trame:nir;s=Station.Seq"
      size: 256
      result:
        seq: "nsu=urn:trame:nir;s=Result.{place}.Seq"
        at: "nsu=urn:trame:nir;s=Result.{place}.At"
        spectrum: "nsu=urn:trame:nir;s=Result.{place}.Spectrum"
      wavelengths: { from: 940, step: 4, count: 186 }
      quantity: absorbance
  - id: plc
    driver: opcua
    url: opc.tcp://127.0.0.1:PLC
    tags: [{ name: withoutVerdict, node: "nsu=urn:trame:plc;s=Sorter.WithoutVerdict", type: uint32 }]
    verdicts: { node: "nsu=urn:trame:plc;s=Sorter.Verdicts" }
`;

export function withPorts(yaml: string, { nir, plc }: SortingPorts): string {
  return yaml.replace('NIR', String(nir)).replace('PLC', String(plc));
}

interface SortingDevicesOptions {
  readonly dataDir: string;
  /** How many times faster the simulated physics run. */
  readonly speed: number;
  /** Where the simulation is controlled; 0: any port. */
  readonly controlPort: number;
}

/** @returns once they answer. */
export async function startSortingDevices({
  dataDir,
  speed,
  controlPort,
}: SortingDevicesOptions): Promise<SortingDevices> {
  await using resources = new AsyncDisposableStack();
  const args = ['run', '--anonymous', '--no-incidents', '--crew-within', '1', '--only', 'plc,nir'];
  const simulator = resources.use(
    spawnProcess(
      process.execPath,
      [join(ROOT, 'simulators/src/main.ts'), ...args, '--speed', String(speed), '--data', dataDir],
      { env: { ...ANY_PORTS, TRAME_SIM_PORT: String(controlPort) } },
    ),
  );
  const ready = await simulator.waitForLine(/^\{"ready":true/u, READY_MS);
  const { ports } = JSON.parse(ready) as { ports: SortingPorts };
  const owned = resources.move();
  return { ports, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
