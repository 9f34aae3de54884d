import { modbus } from '../modbus/driver.ts';
export const seesAdapter = modbus;
