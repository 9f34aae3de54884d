/** The label printers of a site. */
import type { ReferencePrinter } from '../material/reference.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { JobOutcome } from './print-queue.ts';
import { RawPrinter, type PrinterState, type PrintJob, type Submitted } from './raw-printer.ts';
import type { SendLimits } from './send-raw.ts';

export interface PrintersOptions {
  readonly printers: readonly ReferencePrinter[];
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: SendLimits;
  /** Called once for every job that was queued. It must not throw. */
  readonly onSettled?: (printer: string, jobId: string, outcome: JobOutcome) => void;
}

export class Printers {
  #printers: ReadonlyMap<string, RawPrinter>;
  #byPress: ReadonlyMap<string, string>;

  constructor({ printers, onSettled, ...rest }: PrintersOptions) {
    this.#printers = new Map(
      printers.map(({ id, label, host, port }) => {
        const told = onSettled === undefined ? {} : { onSettled: onSettled.bind(null, id) };
        return [id, new RawPrinter({ id, label, target: { host, port }, ...rest, ...told })];
      }),
    );
    // The first printer that is named for a press is its own.
    const pairs = printers.flatMap(({ id, presses }) => presses.map((press) => [press, id] as const));
    this.#byPress = new Map(pairs.toReversed());
  }

  /** @returns the printer that prints the outputs of a press by itself; null: none does. */
  ofPress(press: string | null): string | null {
    return press === null ? null : (this.#byPress.get(press) ?? null);
  }

  /** Queues a label and returns at once; null: there is no such printer. */
  submit(printer: string, job: PrintJob): Submitted | null {
    return this.#printers.get(printer)?.submit(job) ?? null;
  }

  /** Every printer as it is now, in the order of the configuration. */
  states(): readonly PrinterState[] {
    return [...this.#printers.values()].map((printer) => printer.state());
  }

  /** Resolves when nothing is sent any more. */
  async stop(): Promise<void> {
    await Promise.all([...this.#printers.values()].map((printer) => printer.stop()));
  }
}
