import { userInfo } from 'node:os';

/**
 * Name of the local user as whom this process runs, for what is written down about who did something. One whom the system
 * has no name for, as in many containers, is named by number.
 */
export function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
