import type { Simulation } from '../../simulators/src/simulation.ts';
export type ByTypeAlone = Simulation;
