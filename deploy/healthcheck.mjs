/** Exit 0 when the program on this loopback port says that it is well: `node healthcheck.mjs PORT`. */
const TIMEOUT_MS = 4_000;

try {
  const url = `http://127.0.0.1:${process.argv[2]}/healthz`;
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  process.exitCode = response.ok ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error.cause?.message ?? error.message}\n`);
  process.exitCode = 1;
}
