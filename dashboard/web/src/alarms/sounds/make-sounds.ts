/** Writes the sounds of alarms beside this file. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOUNDS, wavOf } from './alarm-sound.ts';

for (const sound of SOUNDS) writeFileSync(join(import.meta.dirname, sound.file), wavOf(sound));
