/**
 * Requests to move something, or to have the line in hand, on their way from the desk to where they are carried out:
 * their arguments checked, and fresh, unless they are known already. They overtake what waits for the disk, and none waits for another.
 */
import type { CommandRequest } from '@trame/protocol/command';
import { CONTROL_ARGS } from '@trame/protocol/control/control-args';
import { Compile, type Validator } from 'typebox/compile';
import type { MotionAnswer, MotionDesk, MotionRequest } from '../ports/motion-desk.ts';

type ControlCommand = keyof typeof CONTROL_ARGS;

const NO_HEARTBEAT = 'a request to a line quotes a heartbeat of its edge, and this one quotes none';

export class MotionLane {
  readonly #desk: MotionDesk;
  readonly #validators: ReadonlyMap<string, Validator>;

  constructor(desk: MotionDesk) {
    this.#desk = desk;
    this.#validators = new Map(Object.entries(CONTROL_ARGS).map(([name, args]) => [name, Compile(args)]));
  }

  /** Whether this is for whoever moves the line. */
  takes({ command }: CommandRequest): boolean {
    return this.#validators.has(command);
  }

  /**
   * @param expired why the heartbeat that it quotes does not count; null: it counts, or none is quoted.
   * @param reply told once or twice, perhaps before this returns.
   */
  carry(request: CommandRequest, expired: string | null, reply: (answer: MotionAnswer) => void): void {
    const validator = this.#validators.get(request.command);
    if (validator === undefined) throw new Error(`«${request.command}» moves nothing`);
    if (!validator.Check(request.args)) {
      const [first] = validator.Errors(request.args);
      const fault = `args${first?.instancePath ?? ''}: ${first?.message ?? 'not such arguments'}`;
      reply({ code: 'invalid-args', detail: fault, seq: null, epoch: null });
      return;
    }
    const stale = request.heartbeat === undefined ? NO_HEARTBEAT : expired;
    if (stale !== null && !this.#desk.knows(request.id)) {
      reply({ code: 'expired', detail: stale, seq: null, epoch: null });
      return;
    }
    this.#desk.request(asMotion(request), reply);
  }
}

function asMotion({ id, command, args, actorRef }: CommandRequest): MotionRequest {
  return { id, command: command as ControlCommand, args, actor: actorRef };
}
