import { Fault } from '@comity/fault';
import type { KeyScope } from '@comity/identity';
import { type Command, Option } from 'commander';

export const DAY_SECONDS = 86_400;
/** Clocks of two states may differ; a fresh certificate must not look "not yet valid" to a peer slightly behind. */
export const CLOCK_TOLERANCE_SECONDS = 300;

/** UTC seconds. */
export const now = (): number => Math.floor(Date.now() / 1000);

/** @throws Fault cli.usage */
export function countOf(text: string, option: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Fault('cli.usage', `${option}: expected a number from 1 on`);
  return Number(text);
}

/** Options that limit what a certified key may sign, and how far a delegate may delegate. */
export interface ScopeOptions {
  readonly types?: string[];
  readonly max?: string;
  readonly depth: string;
}

export function scoped(command: Command): Command {
  return command
    .option('--types <type...>', 'record types that the key may sign, or let others sign')
    .option('--max <level>', 'the highest level that it may label with')
    .addOption(
      new Option(
        '--depth <count>',
        'of a delegate: how many certificates may stand one below the other under it',
      )
        .choices(['1', '2'])
        .default('1'),
    );
}

export function scopeOf({ types, max }: ScopeOptions): KeyScope {
  return {
    ...(types !== undefined && { recordTypes: types }),
    ...(max !== undefined && { maxClassification: max }),
  };
}
