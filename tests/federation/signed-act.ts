import { readFile } from 'node:fs/promises';
import { signAct } from '@comity/approval';
import { fromHex } from '@comity/digest';
import { signerFromSeed } from '@comity/ed25519';
import type { StateId } from '@comity/label';

/** What an officer signs now, with the key in a file, who does something with what has this id, base64. */
export async function signedAct(keyFile: string, act: string, id: string): Promise<string> {
  const text = await readFile(keyFile, 'utf8');
  const fieldOf = (name: string): string => new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? '';
  const signed = await signAct(
    {
      state: fieldOf('state') as StateId,
      officer: fieldOf('officer'),
      act,
      subject: fromHex(id),
      atSeconds: Math.floor(Date.now() / 1_000),
    },
    signerFromSeed(fromHex(fieldOf('sign'))),
  );
  return Buffer.from(signed).toString('base64');
}
