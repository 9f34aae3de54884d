import { scale } from '@trame/edge/domain/scale';
export const byName = scale;
