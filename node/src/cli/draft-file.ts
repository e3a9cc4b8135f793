import { DocumentFaults } from '@comity/fault';
import { Option } from 'commander';
import { type HumanDocument, placeFaults } from '../config/yaml-document.ts';

/** Whoever writes a record does not decide about its release: his name is kept beside it, and goes nowhere. */
export function authorOption(): Option {
  return new Option(
    '--author <id>',
    'the officer who wrote it, and who then cannot approve its release (default: whoever has the name of the local user)',
  );
}

/** What `--yes` alone does not confirm. */
export function acceptRelayOption(): Option {
  return new Option(
    '--accept-relay',
    'issue also where labels let others hand parts to a state that would not get them from here',
  ).default(false);
}

/** Runs something on a draft; faults of the draft get the line and column of its file. */
export async function withDraft<T>(document: HumanDocument, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof DocumentFaults ? placeFaults(document, error) : error;
  }
}
