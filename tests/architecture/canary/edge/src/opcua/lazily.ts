export const lazily = async () => (await import('../modbus/driver.ts')).modbus;
