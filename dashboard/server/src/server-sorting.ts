/** What goes between this server and lines that sort by spectra, composed: questions about pieces, and approved programmes. */
import type { CommandSender, EdgeAddress } from './commands/command-sender.ts';
import type { QuestionSender } from './commands/question-sender.ts';
import type { ItemRouteOptions } from './items/item-routes.ts';
import type { HeartbeatBoard } from './ledger/heartbeat-board.ts';
import { hasEdge } from './ledger/known-edge.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { ProgrammeCarrier } from './ports/programme-carrier.ts';
import type { Records } from './records/open-records.ts';
import { ProgrammeSender } from './sort-programmes/programme-sender.ts';
import { ProgrammeWatch } from './sort-programmes/programme-watch.ts';

export interface SortingOptions extends Pick<ItemRouteOptions, 'sitesOf' | 'actorRefOf'> {
  /** From a region no line is asked for anything. */
  readonly asksLines: boolean;
  /** Left out: the server itself tells lines. */
  readonly carrier?: ProgrammeCarrier | undefined;
  readonly records: Records;
  readonly board: HeartbeatBoard;
  readonly sender: CommandSender;
  readonly questions: QuestionSender;
  readonly clock: Clock;
  readonly log: Log;
}

export interface SortingParts {
  /** Undefined: nobody tells lines. */
  readonly carrier: ProgrammeCarrier | undefined;
  readonly items: ItemRouteOptions;
  /** Until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** After what is asked of lines was given up. */
  stop(): Promise<void>;
}

export function openSorting(options: SortingOptions): SortingParts {
  const { asksLines, records, board, sender, questions, sitesOf, actorRefOf } = options;
  const own = new ProgrammeSender(options);
  const carrier = options.carrier ?? own;
  const watch = new ProgrammeWatch({ ...options, carrier });
  return {
    carrier: asksLines ? carrier : undefined,
    items: {
      questions: asksLines ? questions : null,
      sender: asksLines ? sender : null,
      sitesOf,
      hasEdge: (address: EdgeAddress) => hasEdge(records, board, address),
      actorRefOf,
      records,
    },
    run: async (signal) => {
      if (asksLines) await watch.run(signal);
    },
    stop: async () => {
      await questions.stop();
      await own.stop();
    },
  };
}
