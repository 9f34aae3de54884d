import { edge } from '../edge.ts';
export const seesRoot = edge;
