/** Who may ask for which act, and how a request is refused before anything is decided. */
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { startMaterialServer, TEST_MATERIAL, type MaterialServer } from '../testing/test-material-server.ts';
import { ACTS } from './act-table.ts';

let site: MaterialServer;

beforeAll(async () => {
  site = await startMaterialServer({ material: { ...TEST_MATERIAL, kiosk: { dpi: 96 } } });
});
afterAll(() => site[Symbol.asyncDispose]());

const CONTAINER = { container: 'C-1', kind: 'cage', tareGrams: 60_000 };

describe('an act', () => {
  it('is for those whose work it is, and nobody else is told what is wrong with its body', async () => {
    for (const { path, roles } of ACTS) {
      const address = path.replace(/:\w+/u, 'x1');
      for (const role of ['operator', 'supervisor', 'administrator', 'region', 'trainee'] as const) {
        const { status } = await site.act(address, { nothing: 'of it' }, { role });
        expect([address, role, status]).toEqual([address, role, roles.includes(role) ? 400 : 403]);
      }
    }
  }, 60_000);

  it('is done by whoever stands at the press, and the rest by whoever answers for the shift', async () => {
    expect((await site.act('/containers', CONTAINER, { role: 'operator' })).status).toBe(201);
    const partner = { partner: 'emmaus', role: 'collector', name: 'Emmaüs' };
    expect((await site.act('/partners', partner, { role: 'operator' })).status).toBe(403);
  });

  it('needs a session and a key', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${site.server.url}/api/v1/containers`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(CONTAINER),
      });
    expect((await post({ 'idempotency-key': 'key-nobody-1' })).status).toBe(401);
    const cookie = await site.server.signIn('operator');
    const keyless = await post({ cookie });
    expect(keyless.status).toBe(400);
    expect(await keyless.json()).toMatchObject({ errors: [{ path: '/headers/idempotency-key' }] });
    expect((await post({ cookie, 'idempotency-key': 'short' })).status).toBe(400);
  });

  it.each<[string, object, string[]]>([
    ['/containers', { ...CONTAINER, colour: 'red' }, ['/body/colour']],
    ['/containers', { container: 'C-1', kind: 'cage' }, ['/body/tareGrams']],
    ['/containers', { ...CONTAINER, kind: 'bucket' }, ['/body/kind']],
    ['/containers', { ...CONTAINER, tareGrams: '60000' }, ['/body/tareGrams']],
    ['/containers', { ...CONTAINER, tareGrams: null }, ['/body/tareGrams']],
    ['/containers', { ...CONTAINER, tareGrams: 0.5 }, ['/body/tareGrams']],
    ['/bales', { outlet: 'wipers', weight: { how: 'typed', grossGrams: '1' } }, ['/body/weight/grossGrams']],
    ['/moves', { from: 'lot:L1', to: 'nowhere' }, ['/body/to']],
    ['/bales/a%20b/press', {}, ['/params/id']],
  ])('%s %j is refused, and its fault is named', async (path, body, paths) => {
    const answer = await site.act(path, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(answer.body.errors?.map((one) => one.path)).toEqual(expect.arrayContaining(paths));
  });

  it.each(['half a character \ud83d', 'a NUL \0'])('%j has no place in the book', async (text) => {
    const before = site.line.ledger.events.length;
    expect(await site.act('/notes', { text })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request', errors: [{ path: '/body' }] },
    });
    expect(site.line.ledger.events).toHaveLength(before);
  });

  it('takes no word for another: a packaging that nobody stated is the outlet’s own, not none', async () => {
    const weight = { how: 'typed', grossGrams: 201_500 };
    await site.act('/bales', { outlet: 'wipers', weight, packagingGrams: null });
    const weighed = () => site.line.ledger.events.findLast(({ type }) => type === 'output.weighed')?.payload;
    expect(weighed()).toMatchObject({ packagingGrams: 1_500, netGrams: 200_000 });
    await site.act('/bales', { outlet: 'wipers', weight, packagingGrams: 0 });
    expect(weighed()).toMatchObject({ packagingGrams: 0, netGrams: 201_500 });
  });

  it('has room for a truck, and no more', async () => {
    const text = 'x'.repeat(300 * 1024);
    expect(await site.act('/notes', { text })).toMatchObject({
      status: 413,
      body: { code: 'body-too-large' },
    });
  });

  it('is documented with its roles, its key and its answer', async () => {
    const response = await site.server.get('/api/openapi.json');
    const { paths } = (await response.json()) as { paths: Record<string, Record<string, object>> };
    for (const { path, operationId } of ACTS) {
      const address = `/api/v1${path.replace(/:(?<name>\w+)/u, '{$<name>}')}`;
      expect(paths[address]?.['post']).toMatchObject({ operationId, requestBody: expect.anything() });
    }
  });
});

describe('what pages choose from', () => {
  it('is told to those who work with it', async () => {
    expect(await site.get('/reference')).toMatchObject({
      site: 'caux',
      line: 'tri-1',
      profile: 'manual',
      demo: true,
      kioskDpi: 96,
      outlets: [
        { id: 'wipers', label: 'Essuyage', pictogram: 'wipers', unit: 'bale', packagingGrams: 1_500 },
        { id: 'reuse', unit: 'sack', usualGrams: null },
      ],
      presses: [{ id: 'presse-1', line: 'tri-1', outlets: ['wipers', 'reuse'] }],
      zones: [{ id: 'zone-a', label: 'Zone A' }],
    });
    const region = await site.server.get('/api/v1/reference', await site.server.signIn('region'));
    expect(region.status).toBe(403);
  });
});

describe('a label', () => {
  it('is printed by the printer of its press once the bale is recorded; a dead printer fails no bale', async () => {
    const jobs: string[] = [];
    const printer = createServer((socket: Socket) => {
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => jobs.push(text));
    });
    await new Promise<void>((resolve) => printer.listen(0, '127.0.0.1', resolve));
    const { port } = printer.address() as AddressInfo;
    const printers = [
      { id: 'p1', label: 'Imprimante', url: `tcp://127.0.0.1:${port}`, presses: ['presse-1'] },
      { id: 'p2', label: 'Morte', url: 'tcp://127.0.0.1:1', presses: [] },
    ];
    const gs1 = { prefix: '3000000', demo: true };
    await using own = await startMaterialServer({ material: { ...TEST_MATERIAL, printers, gs1 } });
    const bale = { outlet: 'wipers', press: 'presse-1', weight: { how: 'typed', grossGrams: 201_500 } };
    const logged = await own.act('/bales', bale);
    expect(logged).toMatchObject({ status: 201, body: { id: 'B1' } });
    expect(logged.body.warnings).not.toContain('not-printed');
    const [zpl] = await eventually(() => (jobs.length > 0 ? jobs : null));
    expect(zpl).toContain('^XA');
    expect(zpl).toContain('200');
    printer.close();
    const again: () => Promise<{ status: number; body: ActAnswer }> = () =>
      own.act('/bales/B1/label', { printer: 'p2' });
    expect((await again()).status).toBe(200);
    await eventually(async () => ((await again()).body.warnings.includes('not-printed') ? true : null));
    const metrics = await (await fetch(`${own.server.url}/metrics`)).text();
    expect(metrics).toMatch(/trame_labels_printed 1\b/u);
  });
});
