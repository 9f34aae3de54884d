/** How a Modbus link behaves while faults lie on it. */
export interface LinkBehaviour {
  /** Connections are refused and those that exist are reset. */
  readonly refuse: boolean;
  /** Connections are accepted, requests are read, nothing is ever answered. */
  readonly mute: boolean;
  /** Every answer leaves this much later, in ms. */
  readonly delayMs: number;
  /** Every request is answered by this exception. */
  readonly exception: number | null;
  /** Answers are damaged: cut in half, replaced by noise, or sent in another unit's name. */
  readonly damage: 'none' | 'truncate' | 'garbage' | 'wrongUnit';
}

export const soundLink: LinkBehaviour = {
  refuse: false,
  mute: false,
  delayMs: 0,
  exception: null,
  damage: 'none',
};

/** The bytes that really leave for a well-formed answer frame. Noise has the length of the answer. */
export function damageAnswer(behaviour: LinkBehaviour, frame: Uint8Array): Uint8Array {
  switch (behaviour.damage) {
    case 'none':
    case 'wrongUnit':
      return frame;
    case 'truncate':
      return frame.slice(0, Math.max(1, frame.length >> 1));
    case 'garbage':
      return frame.map((byte, index) => (byte * 31 + index * 97 + 0x5a) & 0xff);
  }
}
