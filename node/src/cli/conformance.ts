import { once } from 'node:events';
import type { Response } from '@comity/conformance';
import type { Command } from 'commander';

/** `comity conformance`: the driver of protocol/conformance.md. It needs no home. */
export function addConformanceCommand(program: Command): void {
  program
    .command('conformance')
    .description('answers lines of the conformance protocol on standard input, see protocol/conformance.md')
    .action(async () => {
      // Loaded when needed: every command loads this file.
      const { MAX_LINE_BYTES, respond } = await import('@comity/conformance');
      // The pipe was closed: nobody reads the answers any more. Standard output does not stay `destroyed` after that.
      const gone = new AbortController();
      process.stdout.once('error', () => gone.abort());
      for await (const line of linesOf(process.stdin, MAX_LINE_BYTES)) {
        await write(await respond(line), gone.signal);
        if (gone.signal.aborted) return;
      }
    });
}

const LINE_FEED = 0x0a;

/** Lines of a stream, without their line feeds. Of a line that is too long a little more than the longest one is held. */
async function* linesOf(
  stream: AsyncIterable<Buffer | string>,
  maxBytes: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  const take = (): Buffer => {
    const line = Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return line;
  };
  const hold = (part: Buffer): void => {
    if (heldBytes > maxBytes || part.length === 0) return;
    held.push(part);
    heldBytes += part.length;
  };
  for await (const given of stream) {
    const chunk = Buffer.from(given);
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, from)) {
      hold(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    hold(chunk.subarray(from));
  }
  if (heldBytes > 0) yield take();
}

/** Waits where the reader is slower than the driver, until it is gone. */
async function write(response: Response, gone: AbortSignal): Promise<void> {
  const { stdout } = process;
  if (gone.aborted || stdout.write(`${JSON.stringify(response)}\n`)) return;
  await once(stdout, 'drain', { signal: gone }).catch(() => {});
}
