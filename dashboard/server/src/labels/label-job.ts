import type { LabelFacts } from './label-facts.ts';
import type { PrintJob } from './raw-printer.ts';

/**
 * The label of an output as a job of a label printer. Rejects never for what the facts say: a label that cannot be
 * drawn is refused when it is submitted.
 * @param id the same for the same wish to print, e.g. the idempotency key of the request.
 */
export async function labelJob(id: string, facts: LabelFacts): Promise<PrintJob> {
  // Loaded at the first label, as for the other formats.
  const [{ outputLabel }, { zplOf }] = await Promise.all([import('./output-label.ts'), import('./zpl.ts')]);
  return {
    id,
    reprint: facts.reprint,
    zpl: (reprint) => zplOf(outputLabel({ ...facts, reprint })),
  };
}
