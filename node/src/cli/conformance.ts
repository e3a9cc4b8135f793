import type { Response } from '@comity/conformance';
import type { Command } from 'commander';

/** `comity conformance`: the driver of protocol/conformance.md. It needs no home. */
export function addConformanceCommand(program: Command): void {
  program
    .command('conformance')
    .description('answers lines of the conformance protocol on standard input, see protocol/conformance.md')
    .action(async () => {
      // Loaded when needed: every command loads this file.
      const { MAX_LINE_LENGTH, respond } = await import('@comity/conformance');
      for await (const line of linesOf(process.stdin, MAX_LINE_LENGTH)) {
        await write(line === TOO_LONG ? REFUSED : await respond(line));
      }
    });
}

/** A line too long is not kept: it is answered like any other that cannot be read. */
type Line = string | typeof TOO_LONG;
const TOO_LONG = Symbol('too long');

const REFUSED: Response = { id: null, ok: false, code: 'conformance.bad-line' };

/** Lines of a stream, without their line feeds. No more than one line of the longest length is held. */
async function* linesOf(stream: NodeJS.ReadableStream, maxLength: number): AsyncGenerator<Line> {
  stream.setEncoding('utf8');
  let held = '';
  let tooLong = false;
  for await (const chunk of stream as AsyncIterable<string>) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', from)) {
      const line = held + chunk.slice(from, end);
      yield tooLong || line.length > maxLength ? TOO_LONG : line;
      held = '';
      tooLong = false;
      from = end + 1;
    }
    if (!tooLong) held += chunk.slice(from);
    if (held.length > maxLength) {
      held = '';
      tooLong = true;
    }
  }
  if (tooLong) yield TOO_LONG;
  else if (held !== '') yield held;
}

/** Waits where the reader is slower than the driver. */
async function write(response: Response): Promise<void> {
  if (process.stdout.write(`${JSON.stringify(response)}\n`)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}
