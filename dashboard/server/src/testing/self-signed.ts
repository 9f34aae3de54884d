import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from './temp-dir.ts';

/** @returns a certificate of its own authority and its key, PEM, made out to these names, e.g. `IP:127.0.0.1`. */
export function selfSigned(names: string): { readonly certificate: string; readonly key: string } {
  using folder = tempDir();
  const [certificate, key] = [join(folder.path, 'c.pem'), join(folder.path, 'k.pem')];
  const what = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const where = ['-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=test'];
  execFileSync('openssl', [...what, ...where, '-addext', `subjectAltName=${names}`], { stdio: 'ignore' });
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}
