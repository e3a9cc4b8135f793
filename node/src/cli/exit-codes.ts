import { codes, explainCode, isFaultCode } from '@comity/fault';
import registry from '@comity/protocol/registries/exit-codes.json' with { type: 'json' };

/** One way in which a command can end, for scripts. */
export interface ExitCode {
  readonly exit: number;
  readonly name: string;
  readonly summary: string;
}

/** All of them, lowest first. */
export const EXIT_CODES: readonly ExitCode[] = registry.exits;

/** The error codes with which a command ends so. */
export function codesWithExit(exit: number): string[] {
  return Object.entries(codes)
    .filter(([, entry]) => entry.exit === exit)
    .map(([code]) => code)
    .sort();
}

/** How a command ends that failed with one peer. What failed without a code of ours has failed to reach the peer. */
export function exitOfPeer(code: string | null): number {
  return explainCode(code !== null && isFaultCode(code) ? code : 'exchange.unreachable').exit;
}

/** The table as `comity --help` prints it. */
export function exitCodeHelp(): string {
  const lines = EXIT_CODES.map(
    ({ exit, name, summary }) => `  ${String(exit).padStart(2)}  ${name.padEnd(20)}${summary}`,
  );
  return ['Exit codes:', ...lines].join('\n');
}
