import type { Simulation } from '../../simulators/src/simulation.ts';
export type ImportsSimulators = Simulation;
