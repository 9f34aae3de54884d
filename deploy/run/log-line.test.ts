import { expect, test } from 'vitest';
import { shownText } from './log-line.ts';

test('warnings are shown with their device, information is not', () => {
  expect(shownText('{"level":40,"device":"plc","msg":"no answer"}', 'stdout')).toBe('plc: no answer');
  expect(shownText('{"level":50,"msg":"disk full"}', 'stderr')).toBe('disk full');
  expect(shownText('{"level":"error","msg":"disk full"}', 'stdout')).toBe('disk full');
  expect(shownText('{"level":"info","msg":"started"}', 'stdout')).toBeNull();
  expect(shownText('{"level":30,"msg":"started"}', 'stderr')).toBeNull();
});

test('plain text is shown when it comes on stderr', () => {
  expect(shownText('Port 8080 is in use', 'stderr')).toBe('Port 8080 is in use');
  expect(shownText('{not json', 'stderr')).toBe('{not json');
  expect(shownText('{"no":"level"}', 'stderr')).toBe('{"no":"level"}');
  expect(shownText('ready', 'stdout')).toBeNull();
  expect(shownText('', 'stderr')).toBeNull();
});

test('a line is never longer than a terminal can bear', () => {
  expect(shownText('x'.repeat(100_000), 'stderr')).toHaveLength(400);
});
