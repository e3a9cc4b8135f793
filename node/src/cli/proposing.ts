import type { Command } from 'commander';
import type { Term } from '../keys/propose.ts';
import { countOf, now } from './certificate-terms.ts';

/** What every proposal is told. */
export interface ProposeOptions {
  readonly card: string;
  readonly dir: string;
  readonly validDays: string;
  readonly dryRun: boolean;
}

/** A command that proposes something to the holders of the root keys. It needs no node and no network. */
export function proposing(state: Command, name: string, description: string): Command {
  return state
    .command(name)
    .description(description)
    .requiredOption('--card <file>', 'the card of the state that is in force')
    .requiredOption('--dir <directory>', 'ceremony directory, which goes from holder to holder')
    .option('--valid-days <days>', 'how long the key state is current, 7 to 30', '30')
    .option('--dry-run', 'only say what would be proposed', false);
}

/** When a proposal is made, and for how long. @throws Fault cli.usage */
export function termOf({ validDays }: ProposeOptions): Term {
  return { atSeconds: now(), validDays: countOf(validDays, '--valid-days') };
}
