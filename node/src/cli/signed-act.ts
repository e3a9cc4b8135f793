import { type Act, signAct } from '@comity/approval';
import { Fault } from '@comity/fault';
import { type OfficerKey, readOfficerKey } from '../keys/officer-key.ts';

/** What a command is given that an officer gives himself. */
export interface ActingOptions {
  readonly as?: string | undefined;
  readonly key?: string | undefined;
}

export const AS_HELP = 'the officer who does it; --key proves that it is he';
export const KEY_HELP = 'key file of the officer; it is read here and never given to the node';

/**
 * The key of the officer who gives a command; undefined where it is given in nobody's name.
 *
 * @throws Fault cli.usage, keys.*, approval.wrong-officer
 */
export function actingKey({ as, key }: ActingOptions): OfficerKey | undefined {
  if (key === undefined) {
    if (as === undefined) return undefined;
    throw new Fault('cli.usage', `expected --key FILE: it proves that ${as} does it`, {
      fields: { argument: '--key' },
    });
  }
  const read = readOfficerKey(key);
  if (as === undefined || read.officer === as) return read;
  throw new Fault('approval.wrong-officer', `the key is that of ${read.officer}`, {
    fields: { named: as, officer: read.officer },
  });
}

/** Signs that an officer does something now, base64. */
export async function actBy(
  { state, officer, signer }: OfficerKey,
  act: string,
  subject: Uint8Array,
): Promise<string> {
  const atSeconds = Math.floor(Date.now() / 1_000);
  const signed: Act = { state, officer, act, subject, atSeconds };
  return Buffer.from(await signAct(signed, signer)).toString('base64');
}
