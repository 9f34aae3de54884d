/** Which OPC UA servers the edge trusts, shown and changed by a person. */
import {
  listCertificates,
  removeCertificate,
  trustCertificate,
  type StoredCertificate,
} from '../opcua/trust-store.ts';
import { opcuaPkiDir } from '../system/data-layout.ts';
import { json, type ExitCode, type Output } from './output.ts';
import type { Command } from './parse-command.ts';

type TrustCommand = Extract<Command, { kind: 'trust-list' | 'trust-add' | 'trust-remove' }>;

export async function trust(command: TrustCommand, output: Output): Promise<ExitCode> {
  const pkiDir = opcuaPkiDir(command.dataDir);
  switch (command.kind) {
    case 'trust-list':
      return list(pkiDir, command.json, output);
    case 'trust-add':
      return add(pkiDir, command, output);
    case 'trust-remove':
      return remove(pkiDir, command, output);
  }
}

async function list(pkiDir: string, asJson: boolean, { out }: Output): Promise<ExitCode> {
  const certificates = await listCertificates(pkiDir);
  if (asJson) out(json({ certificates: certificates.map(asData) }));
  else if (certificates.length === 0) out(`no certificates in ${pkiDir}\n`);
  else out(certificates.map((certificate) => `${asLine(certificate)}\n`).join(''));
  return 0;
}

async function add(
  pkiDir: string,
  { what, json: asJson }: Extract<Command, { kind: 'trust-add' }>,
  { out, err }: Output,
): Promise<ExitCode> {
  const result = await trustCertificate(pkiDir, what);
  if (result.outcome === 'not-found' || result.outcome === 'not-a-certificate') {
    if (asJson) out(json(result));
    else err(`${result.reason}\n`);
    return 1;
  }
  const { outcome, certificate } = result;
  if (asJson) out(json({ outcome, certificate: asData(certificate) }));
  else out(`${outcome === 'trusted' ? 'trusted' : 'trusted already'}: ${asLine(certificate)}\n`);
  return 0;
}

async function remove(
  pkiDir: string,
  { thumbprint, json: asJson }: Extract<Command, { kind: 'trust-remove' }>,
  { out, err }: Output,
): Promise<ExitCode> {
  const result = await removeCertificate(pkiDir, thumbprint);
  if (result.outcome === 'not-found') {
    if (asJson) out(json(result));
    else err(`${result.reason}\n`);
    return 1;
  }
  const { outcome, certificates } = result;
  if (asJson) out(json({ outcome, certificates: certificates.map(asData) }));
  else out(certificates.map((certificate) => `removed: ${asLine(certificate)}\n`).join(''));
  return 0;
}

function asLine({ store, thumbprint, commonName, notAfterMs }: StoredCertificate): string {
  return `${store.padEnd(8)} ${thumbprint} ${commonName}, until ${iso(notAfterMs).slice(0, 10)}`;
}

function asData({ notBeforeMs, notAfterMs, ...rest }: StoredCertificate): object {
  return { ...rest, notBefore: iso(notBeforeMs), notAfter: iso(notAfterMs) };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
