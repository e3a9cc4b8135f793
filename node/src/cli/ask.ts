import { createInterface } from 'node:readline/promises';
import { Fault } from '@comity/fault';

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
