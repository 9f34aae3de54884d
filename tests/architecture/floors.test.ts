import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { CANARIES, canaryBreaches, unseenCanaries } from './canary.ts';
import { TEXT_RULES } from './text-rules.ts';

const require = createRequire(import.meta.url);
const { forbidden }: { forbidden: { name: string }[] } = require('../../.dependency-cruiser.cjs');

test('every rule that is broken on purpose is caught', async () => {
  expect(await unseenCanaries()).toEqual([]);
});

test('every rule has a canary', () => {
  const rules = [...forbidden, ...TEXT_RULES].map(({ name }) => name);
  expect(new Set(CANARIES.map(({ rule }) => rule))).toEqual(new Set(rules));
});

test('sound files of the canary are left alone', async () => {
  const caught = new Set((await canaryBreaches()).map(({ file }) => file));
  const sound = [
    'protocol/src/tag.ts',
    'edge/src/domain/scale.ts',
    'edge/src/edge.ts',
    'edge/src/pipeline/cycle.ts',
    'edge/src/mqtt/link.ts',
    'edge/src/sparkplug/uses-mqtt.ts',
  ];
  expect(sound.filter((file) => caught.has(file))).toEqual([]);
});
