import { expect, test } from 'vitest';
import { childEnvironment, namedPorts, parseStart } from './start-options.ts';

function line(args: readonly string[], env: NodeJS.ProcessEnv): string {
  const parsed = parseStart(args, env, '/checkout');
  if (parsed.kind !== 'wrong') throw new Error(`expected a refusal, got ${parsed.kind}`);
  return parsed.line;
}

test('without arguments and environment everything has its usual place', () => {
  expect(parseStart([], {}, '/checkout')).toEqual({
    kind: 'run',
    options: {
      dataDir: '/checkout/.trame',
      ports: { http: 8080, mqtt: 1883, opcua: 4840, modbus: 5020, printer: 9100, sim: 8090, edgeHttp: 8091 },
    },
  });
  expect(parseStart(['--profile', 'automatic'], {}, '/checkout').kind).toBe('run');
  expect(parseStart(['--help'], {}, '/checkout')).toEqual({ kind: 'help' });
});

test('what is not known is told in one line that says what is expected', () => {
  expect(line(['--profile', 'night'], {})).toBe('Unknown profile «night»: expected automatic.');
  expect(line(['--colour'], {})).toContain("Unknown option '--colour'");
  expect(line(['now'], {})).toContain('now');
  expect(line([], { TRAME_SPEED: 'fast' })).toContain('TRAME_SPEED is «fast»');
  expect(line([], { TRAME_SPEED: '61' })).toContain('from 0.1 to 60');
  expect(line([], { TRAME_HTTP_PORT: '80a' })).toContain('TRAME_HTTP_PORT is «80a»');
  expect(line([], { TRAME_MODBUS_PORT: '65533' })).toContain('TRAME_MODBUS_PORT is «65533»');
  for (const told of [line(['--colour'], {}), line(['now'], {})]) expect(told).not.toContain('\n');
});

test('a port wanted twice is told before anything listens', () => {
  expect(line([], { TRAME_HTTP_PORT: '4841' })).toBe(
    'Port 4841 is wanted twice (dashboard, simulated NIR station): change TRAME_HTTP_PORT or TRAME_OPCUA_PORT.',
  );
});

test('the programs are told of every port that is checked', () => {
  const parsed = parseStart([], { TRAME_DATA_DIR: '/data', TRAME_SIM_PORT: '9999' }, '/checkout');
  if (parsed.kind !== 'run') throw new Error(parsed.kind);
  const told = childEnvironment(parsed.options);
  expect(told['TRAME_DATA_DIR']).toBe('/data');
  expect(told['TRAME_SIM_PORT']).toBe('9999');
  for (const { variable } of namedPorts(parsed.options.ports)) expect(told).toHaveProperty(variable);
});
