/** How many times faster than life the physics may run. Clocks never do. */
export const speedRange = { low: 0.1, high: 60 };
