import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../sparkplug/test-broker.ts';
import { freePort } from '../ports/test-free-port.ts';

const MAIN = new URL('../main.ts', import.meta.url).pathname;
const GOOD = 'site: caux\nline: tri-1\ndevices: []\n';
const WRONG = 'site: caux\nline: tri-1\ndevices: []\ncolour: blue\n';
const WRITES = `site: caux
line: tri-1
devices:
  - id: plc
    driver: opcua
    url: opc.tcp://127.0.0.1:4840
    tags:
      - { name: speed, node: "ns=1;s=Speed", type: float64, unit: m/s, writable: true, readback: 2s, range: [0.1, 1.2] }
      - { name: mode, node: "ns=1;s=Mode", writable: true }
      - { name: state, node: "ns=1;s=State" }
    methods: [{ name: start, object: "ns=1;s=PackML", method: "ns=1;s=PackML.Start" }]
  - id: scale
    driver: modbus
    url: tcp://127.0.0.1
    tags: [{ name: setpoint, register: holding, address: 1, scale: 0.1, writable: true }]
    writes: [{ name: tareNow, register: coil, address: 1 }]
`;

const SORTING = `site: caux
line: tri-1
devices:
  - id: nir
    driver: opcua
    url: opc.tcp://127.0.0.1:4841
    tags: [{ name: ready, node: "ns=1;s=Ready" }]
    ring:
      seq: "ns=1;s=Seq"
      size: 256
      result: { seq: "ns=1;s={place}.Seq", at: "ns=1;s={place}.At", spectrum: "ns=1;s={place}.Spectrum" }
      wavelengths: { from: 940, step: 4, count: 186 }
      quantity: absorbance
  - id: plc
    driver: opcua
    url: opc.tcp://127.0.0.1:4840
    tags: [{ name: state, node: "ns=1;s=State" }]
    verdicts: { node: "ns=1;s=Verdicts" }
`;

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-cli-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

function launch(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: dir,
    env: { PATH: process.env['PATH'], TRAME_EDGE_HTTP_PORT: '0', ...env },
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, said, ended };
}

async function trameEdge(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { said, ended } = launch(args, env);
  return { code: await ended, ...said };
}

describe('trame-edge', () => {
  it('helps on the standard output and succeeds', async () => {
    const [overview, run] = await Promise.all([trameEdge(['--help']), trameEdge(['run', '--help'])]);
    expect([overview.code, run.code, overview.err]).toEqual([0, 0, '']);
    expect(overview.out).toContain('trame-edge trust  list|add|remove');
    expect(run.out).toContain('TRAME_EDGE_HTTP_PORT');
  });

  it.each([
    [[], 'a command is missing: run, check, trust, ledger or model'],
    [['paint'], 'unknown command «paint»: expected run, check, trust, ledger or model'],
    [['run', '--colour'], "Unknown option '--colour'"],
    [['check', 'a.yaml'], '«a.yaml» is one word too many'],
    [['run', '--config'], "Option '-c, --config <value>' argument missing"],
    [['trust'], 'trust: expected list, add or remove, got nothing'],
    [['trust', 'add'], 'trust add: a certificate file or thumbprint is missing'],
    [['ledger'], 'ledger: expected verify, export or reopen, got nothing'],
    [['ledger', 'repair'], 'ledger: expected verify, export or reopen, got «repair»'],
    [['ledger', 'verify', 'x'], '«x» is one word too many'],
    [['ledger', 'verify', '--yes'], 'ledger verify takes no --yes'],
    [['ledger', 'verify', '--config', 'line.yaml'], 'ledger verify takes no --config'],
    [['ledger', 'export', '--json'], 'ledger export takes no --json'],
    [['run', '--yes'], 'run takes no --yes'],
    [
      ['ledger', 'export', '--from', '0'],
      'ledger export: --from is «0»: expected the number of an event, from 1',
    ],
    [
      ['ledger', 'export', '--epoch', 'last'],
      'ledger export: --epoch is «last»: expected 32 hexadecimal digits',
    ],
    [
      ['ledger', 'reopen', '--reason', 'new'],
      'ledger reopen: --reason is «new»: expected restored or replaced',
    ],
  ])('%j is wrong usage, said in one line', async (args, message) => {
    const { code, out, err } = await trameEdge(args);
    expect([code, out, err]).toEqual([2, '', `trame-edge: ${message} (see trame-edge --help)\n`]);
  });

  it('refuses a port or a log level that is none', async () => {
    const config = file('line.yaml', GOOD);
    const args = ['run', '--config', config];
    const [port, level] = await Promise.all([
      trameEdge(args, { TRAME_EDGE_HTTP_PORT: '80x' }),
      trameEdge(args, { TRAME_LOG_LEVEL: 'loud' }),
    ]);
    expect([port.code, level.code]).toEqual([2, 2]);
    expect(port.err).toContain('TRAME_EDGE_HTTP_PORT is «80x»');
    expect(level.err).toContain('TRAME_LOG_LEVEL is «loud»');
  });
});

describe('trame-edge check', () => {
  it('says ok with what it found, for people and for programs', async () => {
    const config = file('line.yaml', GOOD);
    const [text, data] = await Promise.all([
      trameEdge(['check', '--config', config]),
      trameEdge(['check', '--config', config, '--json']),
    ]);
    expect([text.code, text.out]).toEqual([0, `${config}: ok — site caux, line tri-1, 0 devices, 0 tags\n`]);
    expect(JSON.parse(data.out)).toEqual({
      ok: true,
      file: config,
      site: 'caux',
      line: 'tri-1',
      devices: 0,
      tags: 0,
      writable: [],
      methods: [],
      spectra: [],
      verdicts: [],
      sorting: null,
      issues: [],
      warnings: [],
    });
  });

  it('says how the line is controlled', async () => {
    const example = join(import.meta.dirname, '../../../deploy/config.example/line-modbus-plc.yaml');
    const { code, out } = await trameEdge(['check', '--config', example]);
    expect(code).toBe(0);
    expect(out).toContain(
      '\ncontrols plc by handshake (reset, start, stop, hold, unhold, clear): 2 interlocks, 1 set-point\n',
    );
  });

  it('says what of the line can be written and called', async () => {
    const config = file('writes.yaml', WRITES);
    const [text, data] = await Promise.all([
      trameEdge(['check', '--config', config]),
      trameEdge(['check', '--config', config, '--json']),
    ]);
    expect([text.code, text.out]).toEqual([
      0,
      [
        'writes plc/speed: float64 in m/s, 0.1 to 1.2, read back within 2000 ms',
        'writes plc/mode: as the device has it, read back within 500 ms',
        'writes scale/setpoint: float64, read back within 500 ms',
        'writes scale/tareNow: bool, read back within 1000 ms',
        'calls plc/start',
        `${config}: ok — site caux, line tri-1, 2 devices, 4 tags`,
        '',
      ].join('\n'),
    ]);
    expect(JSON.parse(data.out)).toMatchObject({
      writable: [
        { device: 'plc', name: 'speed', type: 'float64', unit: 'm/s', range: [0.1, 1.2], readbackMs: 2000 },
        { device: 'plc', name: 'mode', type: null, unit: null, range: null, readbackMs: 500 },
        { device: 'scale', name: 'setpoint', type: 'float64' },
        { device: 'scale', name: 'tareNow', type: 'bool' },
      ],
      methods: [{ device: 'plc', name: 'start' }],
    });
  });

  it('says whose spectra are read, and who is told where pieces go', async () => {
    const config = file('sorting.yaml', SORTING);
    const [text, data] = await Promise.all([
      trameEdge(['check', '--config', config]),
      trameEdge(['check', '--config', config, '--json']),
    ]);
    expect([text.code, text.out]).toEqual([
      0,
      [
        'reads nir/spectra: the last 256, 186 values of absorbance, 940 to 1680 nm every 4 nm; told every 50 ms',
        'gives plc/verdicts: up to 64 in one write of ns=1;s=Verdicts, within 500 ms, not read back',
        `${config}: ok — site caux, line tri-1, 2 devices, 2 tags`,
        '',
      ].join('\n'),
    ]);
    expect(JSON.parse(data.out)).toMatchObject({
      writable: [],
      spectra: [
        {
          device: 'nir',
          seq: 'ns=1;s=Seq',
          size: 256,
          everyMs: 50,
          wavelengths: { fromNm: 940, stepNm: 4, count: 186 },
          quantity: 'absorbance',
        },
      ],
      verdicts: [{ device: 'plc', node: 'ns=1;s=Verdicts' }],
    });
  });

  it('says where each thing is wrong', async () => {
    const config = file('line.yaml', WRONG);
    const [text, data, missing] = await Promise.all([
      trameEdge(['check', '--config', config]),
      trameEdge(['check', '--config', config, '--json']),
      trameEdge(['check', '--config', join(dir, 'none.yaml')]),
    ]);
    expect([text.code, data.code, missing.code]).toEqual([2, 2, 2]);
    expect(text.out).toMatch(/line\.yaml:4:1 colour: .+\n$/u);
    expect(JSON.parse(data.out)).toMatchObject({ ok: false, issues: [{ line: 4, column: 1 }] });
    expect(missing.out).toMatch(/none\.yaml: cannot be read: there is no such file\n$/u);
  });

  it('finds the configuration in the data directory when none is named', async () => {
    mkdirSync(join(dir, 'root', 'edge'), { recursive: true });
    file('root/edge/line.yaml', GOOD);
    const { code, out } = await trameEdge(['check'], { TRAME_DATA_DIR: 'root' });
    expect([code, out]).toEqual([0, expect.stringContaining('root/edge/line.yaml: ok')]);
  });
});

describe('trame-edge run', () => {
  it('runs until it is asked to end, then ends cleanly', async () => {
    const { child, said, ended } = launch(['run', '--config', file('line.yaml', GOOD), '--data', 'data']);
    await until('running', () => said.out.includes('edge running'), 15_000);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(said.out).toContain('edge stopped');
    expect(said.err).toBe('');
  });

  it('refuses a wrong configuration as check does', async () => {
    const { code, err } = await trameEdge(['run', '--config', file('line.yaml', WRONG)]);
    expect([code, err]).toEqual([2, expect.stringMatching(/line\.yaml:4:1 colour: .+\n$/u)]);
  });

  it('fails with one line when its port is in use, its directory taken or not a directory', async () => {
    const config = file('line.yaml', GOOD);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const taken = (server.address() as AddressInfo).port;
    const first = launch(['run', '--config', config, '--data', 'data']);
    await until('running', () => first.said.out.includes('edge running'), 15_000);
    const [port, locked, wrong] = await Promise.all([
      trameEdge(['run', '-c', config, '-d', 'other'], { TRAME_EDGE_HTTP_PORT: String(taken) }),
      trameEdge(['run', '-c', config, '-d', 'data']),
      trameEdge(['run', '-c', config, '-d', file('plain', '')]),
    ]);
    first.child.kill('SIGKILL');
    await first.ended;
    server.close();
    expect([port.code, locked.code, wrong.code]).toEqual([1, 1, 1]);
    expect(port.err).toBe(
      `Port ${taken} (edge health and metrics) is in use: stop the other program or set TRAME_EDGE_HTTP_PORT\n`,
    );
    expect(locked.err).toBe(`Another edge is running on the data directory ${join(dir, 'data')}\n`);
    expect(wrong.err).toMatch(/^The data directory .*plain cannot be used: .+\n$/u);
    // The lock died with its process.
    const next = launch(['run', '--config', config, '--data', 'data'], {
      TRAME_EDGE_HTTP_PORT: String(await freePort()),
    });
    await until('running', () => next.said.out.includes('edge running'), 15_000);
    next.child.kill('SIGINT');
    expect(await next.ended).toBe(0);
  });
});

describe('trame-edge with a bug', () => {
  it('says so in its log and ends with 1: a promise that nobody awaits is no way to live on', async () => {
    const bug = `setTimeout(() => Promise.reject(new Error('forgotten')), 5000)`;
    const { code, out } = await trameEdge(['run', '--config', file('line.yaml', GOOD), '--data', 'data'], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(bug)}`,
    });
    expect(code).toBe(1);
    expect(out).toContain('an error that nobody handles; the edge ends');
    expect(out).toContain('forgotten');
  });
});

describe('trame-edge trust', () => {
  it('lists what there is and fails on what is no certificate', async () => {
    const [list, data, missing, text] = await Promise.all([
      trameEdge(['trust', 'list', '--data', 'data']),
      trameEdge(['trust', 'list', '--data', 'data', '--json']),
      trameEdge(['trust', 'remove', 'AB', '--data', 'data']),
      trameEdge(['trust', 'add', file('a.pem', 'hello'), '--data', 'data']),
    ]);
    expect([list.code, data.code, missing.code, text.code]).toEqual([0, 0, 1, 1]);
    expect(list.out).toBe(`no certificates in ${join(dir, 'data/pki/opcua')}\n`);
    expect(JSON.parse(data.out)).toEqual({ certificates: [] });
    expect(missing.err).toBe('no trusted or rejected certificate has thumbprint AB\n');
    expect(text.err).toMatch(/a\.pem holds no X\.509 certificate/u);
  });
});
