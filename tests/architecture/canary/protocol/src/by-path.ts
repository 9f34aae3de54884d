import { server } from '../../dashboard/server/src/server.ts';
export const byPath = server;
