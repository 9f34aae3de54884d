import { edge } from '@trame/edge/edge';
export const state = edge;
