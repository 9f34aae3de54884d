import { DataType, StatusCodes } from 'node-opcua';
import type { SimulationClock } from '../system/clock.ts';
import type { OpcUaHost } from './opcua-host.ts';

/** Out of step with a publishing interval of 100 ms, so that every phase is met. */
const periodMs = 137;

/**
 * Adds `Bench.Clock`, a Double that changes about seven times a second and whose value is CLOCK_MONOTONIC in ms at
 * the change: a reader on the same machine subtracts it from its own clock and has the latency. Gives the
 * function that stops it.
 */
export function runBenchClock(host: OpcUaHost, time: SimulationClock): () => void {
  const { namespace } = host;
  const folder = namespace.addFolder(host.objects, { browseName: 'Bench', nodeId: 's=Bench' });
  const clock = namespace.addVariable({
    componentOf: folder,
    browseName: 'Clock',
    nodeId: 's=Bench.Clock',
    dataType: DataType.Double,
    minimumSamplingInterval: 0,
    value: { dataType: DataType.Double, value: 0 },
  });
  const timer = setInterval(() => {
    const value = time.monotonicMs();
    clock.setValueFromSource({ dataType: DataType.Double, value }, StatusCodes.Good, new Date(time.wallMs()));
  }, periodMs);
  return () => clearInterval(timer);
}
