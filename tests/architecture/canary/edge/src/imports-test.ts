import { helper } from './some.test.ts';
export const importsTest = helper;
