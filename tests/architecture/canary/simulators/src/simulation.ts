export interface Simulation { readonly seed: number }
