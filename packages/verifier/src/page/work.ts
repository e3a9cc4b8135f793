import { isFault } from '@comity/fault';
import { type Asked, type Verification, verifyFile } from '../verification.ts';

/** What the page asks of whoever verifies for it. */
export interface Question {
  readonly file: Uint8Array;
  readonly asked: Asked;
}

/** The report, or why there is none. */
export type Answer = { readonly report: Verification } | { readonly code: string; readonly message: string };

export function answer({ file, asked }: Question): Answer {
  try {
    return { report: verifyFile(file, asked) };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { code: error.code, message: error.message };
  }
}
