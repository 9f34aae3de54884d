// @ts-ignore
export const muted: number = 'text';
