import { createInterface } from 'node:readline';
import { Fault } from '@comity/fault';
import type { Emit } from './operation.ts';
import { type ControlLine, faultFromLine } from './wire.ts';

// Not imported: that reads all its names, and the one of WebSocket loads an HTTP client which nothing here uses.
const { request } = process.getBuiltinModule('node:http');

/**
 * Calls an operation of the node behind a control socket.
 *
 * @throws Fault `node.not-running` where nothing was asked of anybody, `node.answer-lost` where the node may have done it
 *   before it ended, or what the operation threw
 */
export async function callControl(
  socket: string,
  operation: string,
  args: unknown,
  emit: Emit = () => {},
  signal?: AbortSignal,
): Promise<unknown> {
  const response = await post(socket, operation, args, signal);
  // A node that is killed breaks the answer off; the lines that came before are still read.
  let cause: Error | undefined;
  response.on('error', (error: Error) => {
    cause = error;
  });
  for await (const text of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!text.endsWith('}')) break;
    const line = JSON.parse(text) as ControlLine;
    if ('fault' in line) throw faultFromLine(line.fault);
    if ('result' in line) return line.result;
    emit(line);
  }
  throw answerLost(cause);
}

/** Never to be taken for `node.not-running`, after which a command does the same thing itself: it would be done twice. */
function answerLost(cause: Error | undefined): Fault {
  return new Fault('node.answer-lost', 'the node ended while it answered', { cause });
}

function post(
  socketPath: string,
  operation: string,
  args: unknown,
  signal?: AbortSignal,
): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        socketPath,
        path: `/v1/${operation}`,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        ...(signal && { signal }),
      },
      resolve,
    );
    call.on('error', (cause: NodeJS.ErrnoException) => {
      // These two come from connecting: the question has reached nobody. After anything else it may have.
      const absent = cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED';
      reject(
        absent ? new Fault('node.not-running', 'no node answers at this home', { cause }) : answerLost(cause),
      );
    });
    call.end(JSON.stringify(args));
  });
}
