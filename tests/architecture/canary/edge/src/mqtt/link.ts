export const link = 'mqtt';
