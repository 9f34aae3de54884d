// TODO: some day
export const later = null;
