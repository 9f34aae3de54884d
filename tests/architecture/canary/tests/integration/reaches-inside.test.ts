import { modbus } from '@trame/edge/modbus/driver';
export const reachesInside = modbus;
