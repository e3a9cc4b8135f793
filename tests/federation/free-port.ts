import { createServer } from 'node:net';
import { env } from 'node:process';

/** Below the range from which systems take ports for outgoing connections, so that nobody is given one by accident. */
const LOWEST_PORT = 12_000;
const PORTS_PER_WORKER = 1_500;
const WORKERS = 12;

const taken = new Set<number>();

/** A port of this machine on which nothing listens, and which no other test worker is going to take. */
export async function freePort(): Promise<number> {
  const worker = Number(env.VITEST_POOL_ID ?? 1) % WORKERS;
  for (;;) {
    const port = LOWEST_PORT + worker * PORTS_PER_WORKER + Math.floor(Math.random() * PORTS_PER_WORKER);
    if (taken.has(port)) continue;
    taken.add(port);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
