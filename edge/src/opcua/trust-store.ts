/**
 * The folder of certificates, as the operator sees it: which servers are trusted, which were turned away, which
 * certificate is ours. Files only, no OPC UA library, so that the command line answers at once.
 *
 * ```
 * own/certs/trame-edge.pem   own/private/   our certificate and its key
 * trusted/certs/             servers, and authorities, that a person trusts
 * rejected/                  what servers showed and nobody has trusted yet
 * ```
 */
import { X509Certificate } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

export type CertificateStore = 'own' | 'trusted' | 'rejected';

export interface StoredCertificate {
  readonly store: CertificateStore;
  /** Absolute when the folder given was. */
  readonly file: string;
  /** SHA-1 of the DER form, 40 hexadecimal digits in capitals, as OPC UA tools show it. */
  readonly thumbprint: string;
  readonly commonName: string;
  /** `urn:…` of the application; null when the certificate names none. */
  readonly applicationUri: string | null;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export type TrustOutcome =
  | { readonly outcome: 'trusted'; readonly certificate: StoredCertificate }
  | { readonly outcome: 'already-trusted'; readonly certificate: StoredCertificate }
  | { readonly outcome: 'not-found'; readonly reason: string }
  | { readonly outcome: 'not-a-certificate'; readonly reason: string };

export type RemoveOutcome =
  | { readonly outcome: 'removed'; readonly certificates: readonly StoredCertificate[] }
  | { readonly outcome: 'not-found'; readonly reason: string };

const FOLDERS: Readonly<Record<CertificateStore, string>> = {
  own: join('own', 'certs'),
  trusted: join('trusted', 'certs'),
  rejected: 'rejected',
};
export const OWN_CERTIFICATE = join(FOLDERS.own, 'trame-edge.pem');

/** A folder with more files than this is not read to its end: something fills it. */
const FILES_MAX = 1000;
/** Certificates are 1–4 KB; a chain stays below this. */
const CERTIFICATE_BYTES_MAX = 64 * 1024;
/** Strangers may show a new certificate at every attempt: only the newest are kept to look at. */
const REJECTED_MAX = 50;
const NAME_CHARACTERS_MAX = 64;
const THUMBPRINT = /^[0-9A-F]{40}$/u;

/** @returns every readable certificate, own first, then trusted, then rejected; a missing folder is empty. */
export async function listCertificates(pkiDir: string): Promise<StoredCertificate[]> {
  const stores: readonly CertificateStore[] = ['own', 'trusted', 'rejected'];
  const lists = await Promise.all(stores.map((store) => listStore(pkiDir, store)));
  return lists.flat();
}

/** @returns when our own certificate ends, ms since 1970 UTC; null while there is none. */
export async function ownCertificateExpiryMs(pkiDir: string): Promise<number | null> {
  const own = await readCertificate(join(pkiDir, OWN_CERTIFICATE));
  return own === null ? null : Date.parse(own.validTo);
}

/**
 * Trusts one certificate from now on; a running edge sees it at its next attempt.
 *
 * @param what a PEM or DER file, or the thumbprint of a rejected certificate (with or without `:` and spaces).
 */
export async function trustCertificate(pkiDir: string, what: string): Promise<TrustOutcome> {
  const thumbprint = asThumbprint(what);
  const file = thumbprint === null ? what : await fileOfThumbprint(pkiDir, thumbprint);
  if (file === null) {
    return { outcome: 'not-found', reason: `no certificate with thumbprint ${what} was rejected or trusted` };
  }
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) {
    return { outcome: 'not-found', reason: `${file} is not a file, and not a thumbprint of 40 digits` };
  }
  const certificate = await readCertificate(file);
  if (certificate === null) {
    return { outcome: 'not-a-certificate', reason: `${file} holds no X.509 certificate in PEM or DER` };
  }
  return store(pkiDir, certificate);
}

/** Takes a certificate out of the trusted and the rejected ones; ours stays. */
export async function removeCertificate(pkiDir: string, thumbprint: string): Promise<RemoveOutcome> {
  const wanted = asThumbprint(thumbprint);
  const all = await listCertificates(pkiDir);
  const found = all.filter((entry) => entry.store !== 'own' && entry.thumbprint === wanted);
  if (wanted === null || found.length === 0) {
    return {
      outcome: 'not-found',
      reason: `no trusted or rejected certificate has thumbprint ${thumbprint}`,
    };
  }
  for (const entry of found) await rm(entry.file, { force: true });
  return { outcome: 'removed', certificates: found };
}

/** Keeps the newest rejected certificates only. @returns how many were thrown away. */
export async function pruneRejected(pkiDir: string): Promise<number> {
  const folder = join(pkiDir, FOLDERS.rejected);
  const names = await readdir(folder).catch(() => []);
  if (names.length <= REJECTED_MAX) return 0;
  const aged = await Promise.all(
    names.map(async (name) => ({ name, mtimeMs: (await stat(join(folder, name))).mtimeMs })),
  );
  const surplus = aged.toSorted((a, b) => b.mtimeMs - a.mtimeMs).slice(REJECTED_MAX);
  for (const { name } of surplus) await rm(join(folder, name), { force: true });
  return surplus.length;
}

/** @returns one certificate as the lists show it. */
export function describeCertificate(
  store: CertificateStore,
  file: string,
  certificate: X509Certificate,
): StoredCertificate {
  return {
    store,
    file,
    thumbprint: certificate.fingerprint.replaceAll(':', ''),
    commonName: commonNameOf(certificate),
    applicationUri: /URI:(?<uri>[^,\s]+)/u.exec(certificate.subjectAltName ?? '')?.groups?.['uri'] ?? null,
    notBeforeMs: Date.parse(certificate.validFrom),
    notAfterMs: Date.parse(certificate.validTo),
  };
}

/** Strangers choose this text, and it reaches terminals and logs: no control characters, no endless names. */
function commonNameOf({ subject }: X509Certificate): string {
  const name = /^CN=(?<name>.*)$/mu.exec(subject)?.groups?.['name'];
  return (name ?? '(no name)').replaceAll(/\p{C}/gu, '?').slice(0, NAME_CHARACTERS_MAX);
}

async function store(pkiDir: string, certificate: X509Certificate): Promise<TrustOutcome> {
  const shown = describeCertificate('trusted', '', certificate);
  const trusted = await listStore(pkiDir, 'trusted');
  const known = trusted.find((entry) => entry.thumbprint === shown.thumbprint);
  const file = known?.file ?? join(pkiDir, FOLDERS.trusted, fileName(shown));
  if (known === undefined) await writeDurably(file, certificate.toString());
  // A certificate that lies in both folders counts as rejected.
  for (const entry of await listStore(pkiDir, 'rejected')) {
    if (entry.thumbprint === shown.thumbprint) await rm(entry.file, { force: true });
  }
  return { outcome: known === undefined ? 'trusted' : 'already-trusted', certificate: { ...shown, file } };
}

async function listStore(pkiDir: string, store: CertificateStore): Promise<StoredCertificate[]> {
  const folder = join(pkiDir, FOLDERS[store]);
  const all = await readdir(folder).catch((): string[] => []);
  const names = all.toSorted((a, b) => a.localeCompare(b)).slice(0, FILES_MAX);
  const found: StoredCertificate[] = [];
  for (const name of names) {
    const file = join(folder, name);
    const certificate = await readCertificate(file);
    if (certificate !== null) found.push(describeCertificate(store, file, certificate));
  }
  return found;
}

/** @returns the first certificate in the file, or null when there is none or it cannot be read. */
async function readCertificate(file: string): Promise<X509Certificate | null> {
  try {
    const info = await stat(file);
    if (!info.isFile() || info.size > CERTIFICATE_BYTES_MAX) return null;
    return new X509Certificate(await readFile(file));
  } catch {
    // Not there, not readable or not a certificate: for a list of certificates all of these are «none».
    return null;
  }
}

async function fileOfThumbprint(pkiDir: string, thumbprint: string): Promise<string | null> {
  const all = [...(await listStore(pkiDir, 'rejected')), ...(await listStore(pkiDir, 'trusted'))];
  return all.find((entry) => entry.thumbprint === thumbprint)?.file ?? null;
}

function asThumbprint(text: string): string | null {
  const digits = text.replaceAll(/[:\s]/gu, '').toUpperCase();
  return THUMBPRINT.test(digits) ? digits : null;
}

function fileName({ commonName, thumbprint }: StoredCertificate): string {
  const label = commonName.replaceAll(/[^\w.-]+/gu, '_');
  return basename(`${label}[${thumbprint.toLowerCase()}].pem`);
}

/** Whole or not at all: written beside, synced, then renamed over the name. */
async function writeDurably(file: string, text: string): Promise<void> {
  await mkdir(join(file, '..'), { recursive: true });
  const temporary = `${file}.part`;
  const handle = await open(temporary, 'w', 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
