import { modbus } from '../modbus/driver.ts';
export const seesModbus = modbus;
