/** Shown in the interface's own description; the package is versioned with the whole product. */
export const VERSION = '0.1.0';
