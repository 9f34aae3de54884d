import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tempDir } from './temp-dir.ts';

const execute = promisify(execFile);

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** @returns a certificate of its own authority and its key, PEM, made out to these names, e.g. `IP:127.0.0.1`. */
export async function selfSigned(names: string): Promise<Certificate> {
  using folder = tempDir();
  const [certificate, key] = [join(folder.path, 'c.pem'), join(folder.path, 'k.pem')];
  const what = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const where = ['-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=test'];
  // The OPC UA library puts a word that is no file into this variable of whatever process it is loaded in.
  const env = { ...process.env, OPENSSL_CONF: '' };
  await execute('openssl', [...what, ...where, '-addext', `subjectAltName=${names}`], { env });
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}
