import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { Fault } from '@comity/fault';
import { usablePassphrase } from '../keys/passphrase.ts';

/**
 * Asks for a passphrase on the terminal, which does not show it. @throws Fault keys.passphrase-missing without a terminal, and
 * where it is empty
 */
export async function askPassphrase(question: string): Promise<Uint8Array> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new Fault('keys.passphrase-missing', 'no passphrase is given, and no terminal to ask on');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    process.stderr.write(`${question} `);
    return usablePassphrase(await terminal.question(''));
  } finally {
    process.stderr.write('\n');
    terminal.close();
  }
}

/** Asks a yes/no question on the terminal; without one, only `--yes` confirms. @throws Fault cli.not-confirmed */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new Fault('cli.not-confirmed', 'not confirmed, and no terminal to ask on');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [yes/no] `);
    if (answer.trim().toLowerCase() !== 'yes') throw new Fault('cli.not-confirmed', 'not confirmed');
  } finally {
    terminal.close();
  }
}

/** Asks for a line of text; undefined without a terminal. */
export async function askLine(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`${question}\n> `);
  } finally {
    terminal.close();
  }
}
