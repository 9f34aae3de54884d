/** Behind a proxy on this machine: who asks, and how, is what the proxy says. */
import type { Role } from '@trame/protocol/dashboard-api';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

function signIn(login: string, secret: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ login, secret }),
  });
}

function secretOf(role: Role): string {
  const text = readFileSync(`${server.directory}/demo-accounts.json`, 'utf8');
  const accounts = JSON.parse(text) as { login: string; secret: string; role: Role }[];
  return accounts.find((account) => account.role === role)?.secret ?? '';
}

describe('behind a proxy on this machine', () => {
  it('guesses from one address slow that address down, and no other', { timeout: 30_000 }, async () => {
    const guesser = { 'x-forwarded-for': '192.0.2.66' };
    for (let guess = 0; guess < 30; guess += 1) {
      expect((await signIn(`made-up-${guess}`, 'x', guesser)).status).toBe(401);
    }
    expect((await signIn('supervisor', secretOf('supervisor'), guesser)).status).toBe(429);
    const other = { 'x-forwarded-for': '192.0.2.7' };
    expect((await signIn('supervisor', secretOf('supervisor'), other)).status).toBe(200);
  });

  it('guesses of one login from one address leave it open to another address', async () => {
    const guesser = { 'x-forwarded-for': '192.0.2.67' };
    const answers: number[] = [];
    for (let guess = 0; guess < 6; guess += 1) answers.push((await signIn('operator', 'x', guesser)).status);
    expect(answers).toEqual([401, 401, 401, 401, 401, 429]);
    const other = { 'x-forwarded-for': '192.0.2.8' };
    expect((await signIn('operator', secretOf('operator'), other)).status).toBe(200);
  });

  it('the cookie is for HTTPS alone when the page came by HTTPS', async () => {
    const secret = secretOf('region');
    const secure = await signIn('region', secret, { 'x-forwarded-proto': 'https' });
    expect(secure.headers.get('set-cookie')).toContain('Secure');
    const plain = await signIn('region', secret, { 'x-forwarded-proto': 'http' });
    expect(plain.headers.get('set-cookie')).not.toContain('Secure');
  });

  it.each(['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-real-ip', 'forwarded', 'via'])(
    'the figures are not for those whom %s says to come through it',
    async (header) => {
      const response = await fetch(`${server.url}/metrics`, { headers: { [header]: '127.0.0.1' } });
      expect(response.status).toBe(401);
      expect((await server.get('/metrics')).status).toBe(200);
    },
  );
});
