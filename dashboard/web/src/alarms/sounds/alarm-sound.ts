/**
 * The sounds of alarms as they are shipped: `node dashboard/web/src/alarms/sounds/make-sounds.ts` writes them, a test
 * compares. Two notes that a belt and a fan do not drown, each priority with a rhythm of its own (IEC 60601-1-8 gives
 * the idea: faster and longer means graver).
 */
const RATE_HZ = 16_000;
/** Rise and fall of each note, so that it does not click. */
const EDGE_S = 0.012;
const VOLUME = 0.7;

interface Note {
  readonly atS: number;
  readonly forS: number;
  readonly hz: number;
}

export interface Sound {
  readonly file: string;
  readonly lengthS: number;
  readonly notes: readonly Note[];
}

export const SOUNDS: readonly Sound[] = [
  {
    file: 'alarm-1.wav',
    lengthS: 1.5,
    notes: [0, 0.24, 0.48, 0.9, 1.14].map((atS, index) => ({
      atS,
      forS: 0.18,
      hz: index % 2 === 0 ? 880 : 1_175,
    })),
  },
  {
    file: 'alarm-2.wav',
    lengthS: 0.8,
    notes: [
      { atS: 0, forS: 0.3, hz: 660 },
      { atS: 0.38, forS: 0.36, hz: 523 },
    ],
  },
];

/** @returns the bytes of a WAV file: PCM, 16 bits, one channel. */
export function wavOf({ lengthS, notes }: Sound): Uint8Array {
  const count = Math.round(lengthS * RATE_HZ);
  const view = new DataView(new ArrayBuffer(44 + count * 2));
  const text = (at: number, word: string): void => {
    for (let index = 0; index < word.length; index += 1) view.setUint8(at + index, word.charCodeAt(index));
  };
  text(0, 'RIFF');
  view.setUint32(4, 36 + count * 2, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE_HZ, true);
  view.setUint32(28, RATE_HZ * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, count * 2, true);
  for (let index = 0; index < count; index += 1) {
    const level = notes.reduce((sum, note) => sum + levelOf(note, index / RATE_HZ), 0);
    view.setInt16(44 + index * 2, Math.round(level * VOLUME * 32_767), true);
  }
  return new Uint8Array(view.buffer);
}

/** A sine with its third above it, which carries over machines. */
function levelOf({ atS, forS, hz }: Note, nowS: number): number {
  const passedS = nowS - atS;
  if (passedS < 0 || passedS > forS) return 0;
  const edge = Math.min(1, passedS / EDGE_S, (forS - passedS) / EDGE_S);
  const wave = Math.sin(2 * Math.PI * hz * passedS) * 0.75 + Math.sin(6 * Math.PI * hz * passedS) * 0.25;
  return wave * edge;
}
