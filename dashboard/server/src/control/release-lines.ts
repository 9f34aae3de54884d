/** Who signs out gives back the lines that they have in hand. */
import type { CommandOrder } from '../commands/command-sender.ts';
import type { ControlOutcome } from '../commands/control-sender.ts';
import type { LivePicture } from '../live/picture.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';

const KEY_BYTES = 16;

export interface ReleaseOptions {
  readonly picture: LivePicture;
  /** Null: nothing is asked of lines from here. */
  readonly sender: { readonly ask: (order: CommandOrder) => Promise<ControlOutcome> } | null;
  readonly actorRefOf: (login: string) => Promise<string>;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** What cannot be given back lapses by itself: signing out goes on. */
export async function releaseLines(
  { picture, sender, actorRefOf, entropy, log }: ReleaseOptions,
  login: string,
): Promise<void> {
  if (sender === null) return;
  const held = Object.values(picture.state.lines).filter(({ control }) => control?.holder != null);
  if (held.length === 0) return;
  try {
    const actor = await actorRefOf(login);
    const own = held.filter(({ control }) => control?.holder === actor);
    const orders = own.map(({ site, line }) => {
      const idempotencyKey = `sign-out-${Buffer.from(entropy.bytes(KEY_BYTES)).toString('hex')}`;
      return { site, line, login, idempotencyKey, command: 'control.release', args: {} };
    });
    await Promise.all(orders.map((order) => sender.ask(order)));
  } catch (error) {
    log.error({ err: error }, 'a line was not given back at a sign-out: it lapses by itself');
  }
}
