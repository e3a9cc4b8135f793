import { chmodSync, rmSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Fault, isFault } from '@comity/fault';
import { describeIssue, faultOfArguments } from '../config/zod-faults.ts';
import type { AnyOperation } from './operation.ts';
import { type ControlLine, faultToLine, MAX_REQUEST_BYTES } from './wire.ts';

// Not imported: see client.ts.
const { createServer } = process.getBuiltinModule('node:http');

/** Told of what did not succeed. The caller is told too; this is for the log. */
export interface ControlWitness {
  refused(operation: string, fault: Fault): void;
  unexpected(operation: string, error: unknown): void;
}

export interface ControlServer {
  close(): Promise<void>;
}

/**
 * Serves the operations on a Unix socket that only the owner of the home may open (mode 0600).
 * `POST /v1/<operation>` with a JSON body answers NDJSON lines and ends with `result` or `fault`.
 */
export async function serveControl<Context>(
  socket: string,
  context: Context,
  operations: ReadonlyMap<string, AnyOperation<Context>>,
  witness: ControlWitness,
): Promise<ControlServer> {
  rmSync(socket, { force: true });
  const server = createServer((request, response) => {
    void answer(request, response, context, operations, witness);
  });
  await listen(server, socket);
  chmodSync(socket, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, socket: string): Promise<void> {
  // The socket must never be open to others, not even between bind and chmod.
  const previous = process.umask(0o177);
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => resolve());
  }).finally(() => process.umask(previous));
}

async function answer<Context>(
  request: IncomingMessage,
  response: ServerResponse,
  context: Context,
  operations: ReadonlyMap<string, AnyOperation<Context>>,
  witness: ControlWitness,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const send = (line: ControlLine): void => {
    if (!response.writableEnded) response.write(`${JSON.stringify(line)}\n`);
  };
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const name = request.url?.replace(/^\/v1\//, '') ?? '';
  try {
    const found = operations.get(name);
    if (request.method !== 'POST' || found === undefined) {
      throw new Fault('node.control-request', `unknown operation ${JSON.stringify(name.slice(0, 80))}`);
    }
    const parsed = found.args.safeParse(await readJson(request), { error: describeIssue });
    if (!parsed.success)
      throw new Fault('node.control-request', `${name}: ${faultOfArguments(parsed.error).message}`);
    send({ result: await found.run(context, parsed.data, send, gone.signal) });
  } catch (error) {
    const operation = operations.has(name) ? name : 'unknown';
    if (isFault(error)) witness.refused(operation, error);
    // Whoever asked has gone, and what was under way has ended because of it.
    else if (error !== gone.signal.reason) witness.unexpected(operation, error);
    send({ fault: faultToLine(error) });
  }
  response.end();
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES)
      throw new Fault('node.control-request', `request is larger than ${MAX_REQUEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (cause) {
    throw new Fault('node.control-request', 'request is not JSON', { cause });
  }
}
