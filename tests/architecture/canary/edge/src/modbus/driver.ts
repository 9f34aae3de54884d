export const modbus = 1;
