/** Where requests to move something are carried out, as whoever takes requests sees it. */
import type { CommandReply } from '@trame/protocol/command';
import type { LeaseCommand, MotionCommand } from '@trame/protocol/control/control-names';

/** Genuine, for this line, and with arguments of the right shape. */
export interface MotionRequest {
  readonly id: string;
  readonly command: MotionCommand | LeaseCommand;
  readonly args: Readonly<Record<string, unknown>>;
  /** Opaque reference of who asks; null: nobody is named. */
  readonly actor: string | null;
}

export type MotionAnswer = Pick<CommandReply, 'code' | 'detail' | 'seq' | 'epoch' | 'reasons'>;

export interface MotionDesk {
  /** Whether this request is being carried out, or was: it gets its answer again, however old its heartbeat is. */
  knows(id: string): boolean;
  /**
   * Carries it out, once. @param reply told `accepted` when that takes a while, and then the outcome; or the outcome
   * alone, perhaps before this returns. The same request again gets the same again, by the last `reply`.
   */
  request(request: MotionRequest, reply: (answer: MotionAnswer) => void): void;
}
