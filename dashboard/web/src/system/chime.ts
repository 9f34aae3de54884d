/** A short sound that something is saved; the screen says the same in large. */

const NOTES_HZ = { saved: [880, 1320], attention: [330, 330] } as const;
const NOTE_S = 0.14;
const VOLUME = 0.3;

export type ChimeKind = keyof typeof NOTES_HZ;

export class Chime {
  #audio: AudioContext | null = null;

  /** Says nothing where the browser has no sound, or nobody has touched the page yet. */
  play(kind: ChimeKind): void {
    if (!('AudioContext' in globalThis)) return;
    this.#audio ??= new AudioContext();
    const audio = this.#audio;
    NOTES_HZ[kind].forEach((frequencyHz, index) => {
      const startS = audio.currentTime + index * NOTE_S;
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = frequencyHz;
      volume.gain.setValueAtTime(VOLUME, startS);
      volume.gain.exponentialRampToValueAtTime(0.001, startS + NOTE_S);
      tone.connect(volume).connect(audio.destination);
      tone.start(startS);
      tone.stop(startS + NOTE_S);
    });
  }

  async close(): Promise<void> {
    await this.#audio?.close();
    this.#audio = null;
  }
}
