import { DataType, StatusCodes } from 'node-opcua';
import type { OpcUaHost } from './opcua-host.ts';

const periodMs = 100;

/**
 * Adds `Bench.Clock`, a Double that changes ten times a second and whose value is CLOCK_MONOTONIC in ms at
 * the change: a reader on the same machine subtracts it from its own clock and has the latency. Gives the
 * function that stops it.
 */
export function runBenchClock(host: OpcUaHost): () => void {
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
    const value = Number(process.hrtime.bigint()) / 1e6;
    clock.setValueFromSource({ dataType: DataType.Double, value }, StatusCodes.Good, new Date());
  }, periodMs);
  return () => clearInterval(timer);
}
