/**
 * A key that no other request has: 128 random bits, hex. `crypto.randomUUID` is missing where the page is served
 * without TLS; this is not.
 */
export function newRequestKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
