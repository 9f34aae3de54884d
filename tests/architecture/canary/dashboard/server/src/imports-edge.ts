import { edge } from '../../../edge/src/edge.ts';
export const importsEdge = edge;
