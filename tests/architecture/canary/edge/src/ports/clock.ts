export interface Clock { readonly nowMs: () => number }
