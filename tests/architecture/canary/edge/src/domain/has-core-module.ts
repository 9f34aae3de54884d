import { hash } from 'node:crypto';
export const hasCoreModule = hash;
