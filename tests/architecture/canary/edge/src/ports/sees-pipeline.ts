import { cycle } from '../pipeline/cycle.ts';
export const seesPipeline = cycle;
