/** A picture of a line's control for tests. */
import type { ControlPicture } from './control-picture.ts';

export function testControl(changes: Partial<ControlPicture> = {}): ControlPicture {
  return {
    v: 1,
    boot: '0123456789abcdef',
    n: 1,
    at: 1_795_000_000_000,
    commanded: true,
    state: 'stopped',
    stateSince: 1_795_000_000_000,
    mode: 'production',
    modes: ['production', 'maintenance'],
    emergencyStop: false,
    remote: true,
    enableLeftMs: 0,
    holder: null,
    asking: null,
    busy: null,
    last: null,
    refusals: {
      'line.start': [],
      'line.stop': [],
      'line.hold': [],
      'line.unhold': [],
      'line.reset': [],
      'line.mode': [],
    },
    interlocks: [],
    stations: [],
    setpoints: [],
    sorter: null,
    scales: [],
    presses: [],
    ...changes,
  };
}
