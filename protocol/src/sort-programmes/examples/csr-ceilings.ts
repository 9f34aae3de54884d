/** What a solid recovered fuel may hold at most, told with its lots: no spectrum sees it, an analysis of the lot does. */
import type { Ceiling } from '../sort-programme.ts';

const SOURCE = 'Arrêté du 23/05/2016 (préparation des CSR), sur sec';

export const CSR_CEILINGS: Ceiling[] = [
  { outlet: 'csr', substance: 'Mercure', mgPerKgDry: 3, source: SOURCE },
  { outlet: 'csr', substance: 'Chlore', mgPerKgDry: 15_000, source: SOURCE },
  { outlet: 'csr', substance: 'Brome', mgPerKgDry: 15_000, source: SOURCE },
  { outlet: 'csr', substance: 'Halogènes (Cl + Br + F + I)', mgPerKgDry: 20_000, source: SOURCE },
];
