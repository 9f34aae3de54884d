import { main } from './main.ts';
export const importsMain = main;
