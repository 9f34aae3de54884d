/** Name of the mark in the ledger that holds the hash of the sort programme that the line follows. */
export const PROGRAMME_MARK = 'sorting.programme';
