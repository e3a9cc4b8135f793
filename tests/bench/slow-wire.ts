import { connect, createServer, type Server, type Socket } from 'node:net';

/** Bytes that went one way at one moment. */
export interface Flight {
  readonly direction: 'out' | 'back';
  readonly atMs: number;
  readonly byteLength: number;
}

/** A TCP wire with a delay each way, on which one sees what goes over it and when, and nothing of what it says. */
export class SlowWire implements AsyncDisposable {
  readonly flights: Flight[] = [];
  /** Connections that were made over it so far. */
  connectionCount = 0;
  readonly #oneWayMs: number;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  constructor(oneWayMs: number) {
    this.#oneWayMs = oneWayMs;
  }

  /** Leads to a port of this machine, and gives the port under which it does. */
  async to(port: number): Promise<number> {
    const server = createServer((near) => {
      this.connectionCount += 1;
      const far = connect(port, '127.0.0.1');
      this.#carry('out', near, far);
      this.#carry('back', far, near);
    });
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(0, '127.0.0.1', resolve),
    );
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no port');
    return address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  #carry(direction: Flight['direction'], from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      this.flights.push({ direction, atMs: Date.now(), byteLength: bytes.length });
      setTimeout(() => to.write(bytes), this.#oneWayMs);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      setTimeout(() => to.destroy(), this.#oneWayMs);
    });
  }
}
