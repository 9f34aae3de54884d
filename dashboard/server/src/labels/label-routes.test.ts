/** Labels, rolls and sheets through a whole server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMaterialServer, TEST_MATERIAL, type MaterialServer } from '../testing/test-material-server.ts';

let site: MaterialServer;
let operator: string;

beforeAll(async () => {
  const gs1 = { prefix: '9521234', demo: true };
  site = await startMaterialServer({ material: { ...TEST_MATERIAL, gs1 } });
  operator = await site.server.signIn('operator');
  await site.act('/bales', { outlet: 'wipers', weight: { how: 'typed', grossGrams: 201_500 } });
});
afterAll(() => site[Symbol.asyncDispose]());

async function get(path: string, accept?: string, cookie = operator) {
  const headers = { cookie, ...(accept === undefined ? {} : { accept }) };
  const response = await fetch(`${site.server.url}/api/v1${path}`, { headers });
  const type = response.headers.get('content-type')?.split(';')[0];
  return { status: response.status, type, body: Buffer.from(await response.arrayBuffer()) };
}

describe('the label of an output', () => {
  it.each([
    ['/bales/B1/label', undefined, 'image/svg+xml', '<svg'],
    ['/bales/1/label', 'application/pdf', 'application/pdf', '%PDF-'],
    ['/bales/B1/label', 'application/zpl', 'application/zpl', '^XA'],
    ['/bales/B1/label.svg', 'application/pdf', 'image/svg+xml', '<svg'],
    ['/bales/B1/label.pdf', undefined, 'application/pdf', '%PDF-'],
    ['/bales/B1/label.zpl', undefined, 'application/zpl', '^XA'],
  ])('%s for %s comes as %s', async (path, accept, type, start) => {
    const { status, body, ...label } = await get(path, accept);
    expect([status, label.type]).toEqual([200, type]);
    expect(body.toString('latin1').slice(0, 400)).toContain(start);
  });

  it('is not made in another form, or of what is not there, or for strangers', async () => {
    expect((await get('/bales/B1/label', 'audio/ogg')).status).toBe(406);
    expect((await get('/bales/B9/label')).status).toBe(404);
    expect((await get('/bales/B1/label', undefined, '')).status).toBe(401);
    expect((await get('/bales/B1/label', undefined, await site.server.signIn('trainee'))).status).toBe(403);
  });
});

describe('what is printed beforehand', () => {
  it('are labels without a weight, whose codes outputs never take by themselves', async () => {
    const supervisor = await site.server.signIn('supervisor');
    const roll = await get('/labels/roll.zpl?first=1&count=3', undefined, supervisor);
    expect([roll.status, roll.body.toString().match(/\^XA/gu)?.length]).toEqual([200, 3]);
    const code = roll.body.toString().match(/99521234\d{10}/u)?.[0] ?? '';
    const bound = await site.act('/bales/B1/label', { code });
    expect(bound).toMatchObject({ status: 200, body: { warnings: [] } });
    expect(site.line.ledger.last).toMatchObject({ payload: { how: 'bound', code } });
    expect((await get('/labels/roll.pdf?first=7&count=2', undefined, supervisor)).type).toBe(
      'application/pdf',
    );
    expect((await get('/labels/roll.pdf?first=1&count=201', undefined, supervisor)).status).toBe(400);
    const last = await get('/labels/roll.pdf?first=999999999&count=9', undefined, supervisor);
    expect(last.status).toBe(413);
    expect((await get('/labels/roll.pdf?first=1&count=1')).status).toBe(403);
  });

  it('are numbered sheets for the hours without a computer', async () => {
    const sheets = await get('/labels/sheets.pdf?first=12&count=2&press=presse-1');
    expect([sheets.status, sheets.type]).toEqual([200, 'application/pdf']);
    expect((await get('/labels/sheets.pdf?first=1')).status).toBe(200);
    expect((await get('/labels/sheets.pdf?first=1&press=none')).status).toBe(404);
    expect((await get('/labels/sheets.pdf?first=0')).status).toBe(400);
  });
});
