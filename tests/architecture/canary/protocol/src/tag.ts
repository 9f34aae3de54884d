export const tag = 'sound';
