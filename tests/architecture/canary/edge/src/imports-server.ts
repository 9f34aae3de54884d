import { server } from '@trame/dashboard-server/server';
export const importsServer = server;
