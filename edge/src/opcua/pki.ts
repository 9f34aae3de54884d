/** Who we are and whom we trust on OPC UA: our own folder, nothing accepted unasked (OPC 10000-2 §8). */
import { X509Certificate } from 'node:crypto';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { ICertificateKeyPairProvider } from 'node-opcua-common';
import type { Clock } from '../ports/clock.ts';
import { withDeadline } from './deadline.ts';
import type { OpcuaLibrary } from './library.ts';
import { describeCertificate, OWN_CERTIFICATE, pruneRejected } from './trust-store.ts';

export interface OpcuaPkiSettings {
  /** `<data>/pki/opcua`. */
  readonly directory: string;
  /** `urn:trame:edge:<site>:<line>`: the same in our certificate and in what we tell servers. */
  readonly applicationUri: string;
  /** Name of this machine, for the certificate. */
  readonly hostname: string;
}

export interface OwnIdentity {
  readonly certificateFile: string;
  readonly keyPair: ICertificateKeyPairProvider;
}

export type Verdict =
  | { readonly trusted: true; readonly warning: string | null }
  | { readonly trusted: false; readonly reason: string };

/** One for all devices of an edge, so that two of them never write the same folder at once. */
export interface OpcuaPki {
  readonly settings: OpcuaPkiSettings;
  /** Our certificate and key, made at the first call and kept for ever. */
  identity(library: OpcuaLibrary): Promise<OwnIdentity>;
  /** @param certificate DER, the server's own first when it is a chain. */
  verify(library: OpcuaLibrary, url: string, certificate: Buffer): Promise<Verdict>;
}

/**
 * What a person settles by trusting exactly this certificate. Its dates do not take that back: a production
 * line must not stop at midnight, nor because a clock is wrong after a power cut; and who trusts the
 * certificate itself needs no authority to vouch for it. One that only an authority vouches for has to be in
 * time, complete and not revoked.
 */
const SETTLED_BY_A_PERSON: ReadonlySet<string> = new Set([
  'BadCertificateTimeInvalid',
  'BadCertificateIssuerTimeInvalid',
  'BadCertificateChainIncomplete',
  'BadCertificateRevocationUnknown',
  'BadCertificateIssuerRevocationUnknown',
]);
/**
 * The library waits for hours for the lock of its folder, which a killed process leaves behind. Making a key
 * takes a slow machine some seconds.
 */
const FOLDER_DEADLINE_MS = 20_000;
/** One device that ends must not stop what another waits for. */
const UNENDING = new AbortController().signal;
const KEY_BITS = 2048;
const VALIDITY_DAYS = 10 * 365;

export function createOpcuaPki(settings: OpcuaPkiSettings, clock: Clock): OpcuaPki {
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other; a failure is the caller's and does not stop the next. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const ask = { ms: FOLDER_DEADLINE_MS, what: `working in ${settings.directory}`, signal: UNENDING };
    const result = last.then(() => withDeadline(clock, ask, work()));
    last = result.catch(() => null);
    return result;
  };
  return {
    settings,
    identity: (library) => inTurn(() => loadIdentity(settings, library, clock)),
    verify: (library, url, certificate) => inTurn(() => verify(settings, library, url, certificate)),
  };
}

type CertificateManager = InstanceType<OpcuaLibrary['certificates']['OPCUACertificateManager']>;

/**
 * A manager for one piece of work: it reads the folders when it starts, so a certificate trusted meanwhile
 * counts at the next attempt, and no file watcher stays behind.
 */
async function withManager<T>(
  settings: OpcuaPkiSettings,
  library: OpcuaLibrary,
  work: (manager: CertificateManager) => Promise<T>,
): Promise<T> {
  const manager = new library.certificates.OPCUACertificateManager({
    rootFolder: settings.directory,
    automaticallyAcceptUnknownCertificate: false,
    disableFileWatchers: true,
    keySize: KEY_BITS,
  });
  try {
    await manager.initialize();
    return await work(manager);
  } finally {
    await manager.dispose();
  }
}

function loadIdentity(settings: OpcuaPkiSettings, library: OpcuaLibrary, clock: Clock): Promise<OwnIdentity> {
  return withManager(settings, library, async (manager) => {
    const certificateFile = join(settings.directory, OWN_CERTIFICATE);
    if (!(await exists(certificateFile))) {
      await manager.createSelfSignedCertificate({
        outputFile: certificateFile,
        subject: `/CN=Trame edge ${settings.hostname}/O=Trame`,
        applicationUri: settings.applicationUri,
        dns: [settings.hostname],
        startDate: new Date(clock.nowMs()),
        validity: VALIDITY_DAYS,
      });
    }
    const { DiskCertificateKeyPairProvider } = library.common;
    return {
      certificateFile,
      keyPair: new DiskCertificateKeyPairProvider(certificateFile, manager.privateKey),
    };
  });
}

function verify(
  settings: OpcuaPkiSettings,
  library: OpcuaLibrary,
  url: string,
  certificate: Buffer,
): Promise<Verdict> {
  return withManager(settings, library, async (manager) => {
    const parsed = leafOf(library, certificate);
    if (parsed === null) return { trusted: false, reason: `${url} shows something that is no certificate` };
    const leaf = parsed.raw;
    const pinned = (await manager.isCertificateTrusted(leaf)) === 'Good';
    const status: string = await manager.verifyCertificate(certificate, {
      acceptCertificateWithValidIssuerChain: true,
    });
    const shown = describeCertificate('rejected', '', parsed);
    if (status === 'Good') return { trusted: true, warning: null };
    if (pinned && SETTLED_BY_A_PERSON.has(status)) {
      const dates = [shown.notBeforeMs, shown.notAfterMs].map((ms) =>
        new Date(ms).toISOString().slice(0, 10),
      );
      return { trusted: true, warning: `trusted by hand, although ${status} (valid ${dates.join(' to ')})` };
    }
    const who = `thumbprint ${shown.thumbprint}, CN ${shown.commonName}`;
    if (status !== 'BadCertificateUntrusted' && status !== 'BadCertificateChainIncomplete') {
      return {
        trusted: false,
        reason: `${url} shows a certificate that cannot be trusted: ${status} (${who})`,
      };
    }
    await manager.rejectCertificate(leaf);
    await pruneRejected(settings.directory);
    return {
      trusted: false,
      reason:
        `${url} shows a certificate that is not trusted (${who}); ` +
        `look at it, then: trame-edge trust add ${shown.thumbprint}`,
    };
  });
}

/** @returns the server's own certificate, the first of a chain; null when the bytes hold none. */
function leafOf(library: OpcuaLibrary, certificate: Buffer): X509Certificate | null {
  try {
    const [first] = library.client.crypto_utils.split_der(certificate);
    return first === undefined ? null : new X509Certificate(first);
  } catch {
    // Bytes of a stranger: that they are no certificate is an answer, not a fault.
    return null;
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
