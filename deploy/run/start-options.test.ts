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
      profile: 'automatic',
      scales: 1,
      crew: true,
      dataDir: '/checkout/.trame',
      ports: { http: 8080, mqtt: 1883, opcua: 4840, modbus: 5020, printer: 9100, sim: 8090, edgeHttp: 8091 },
    },
  });
  expect(parseStart(['--profile', 'automatic'], {}, '/checkout').kind).toBe('run');
  expect(parseStart(['--help'], {}, '/checkout')).toEqual({ kind: 'help' });
});

test('what is not known is told in one line that says what is expected', () => {
  expect(line(['--profile', 'night'], {})).toBe('Unknown profile «night»: expected automatic or manual.');
  expect(line(['--profile', 'manual', '--scales', '3'], {})).toBe('--scales is «3»: expected 0, 1 or 2.');
  expect(line(['--scales', '1'], {})).toContain('for the profile manual alone');
  expect(line([], { TRAME_CREW: 'no' })).toContain('TRAME_CREW is «no»');
  expect(line(['--colour'], {})).toContain("Unknown option '--colour'");
  expect(line(['now'], {})).toContain('now');
  expect(line([], { TRAME_SPEED: 'fast' })).toContain('TRAME_SPEED is «fast»');
  expect(line([], { TRAME_SPEED: '61' })).toContain('from 0.1 to 60');
  expect(line([], { TRAME_HTTP_PORT: '80a' })).toContain('TRAME_HTTP_PORT is «80a»');
  expect(line([], { TRAME_MODBUS_PORT: '65533' })).toContain('TRAME_MODBUS_PORT is «65533»');
  for (const told of [line(['--colour'], {}), line(['now'], {})]) expect(told).not.toContain('\n');
});

function asked(args: readonly string[], env = {}): ReturnType<typeof parseStart> {
  return parseStart(['--profile', 'manual', ...args], env, '/c');
}

test('a line of hands is asked for by name, with its scales, and can be left to itself', () => {
  expect(asked([])).toMatchObject({ options: { profile: 'manual', scales: 1, crew: true } });
  expect(asked(['--scales', '0'])).toMatchObject({ options: { scales: 0 } });
  expect(asked(['--scales', '2', '--no-crew'])).toMatchObject({ options: { scales: 2, crew: false } });
  expect(asked([], { TRAME_CREW: 'off' })).toMatchObject({ options: { crew: false } });
});

test('a line of hands listens on no port of OPC UA', () => {
  const ports = { http: 1, mqtt: 2, opcua: 3, modbus: 5, printer: 19, sim: 20, edgeHttp: 21 };
  expect(namedPorts('manual', ports).map(({ variable }) => variable)).not.toContain('TRAME_OPCUA_PORT');
  expect(namedPorts('automatic', ports)).toHaveLength(13);
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
  for (const { variable } of namedPorts('automatic', parsed.options.ports))
    expect(told).toHaveProperty(variable);
});
