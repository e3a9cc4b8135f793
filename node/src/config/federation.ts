import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fromHex, toHex } from '@comity/digest';
import { Fault } from '@comity/fault';
import { z } from 'zod';

/**
 * What all members of a federation share: its name and era, which are bound into every noise handshake, and the
 * pre-shared key that keeps outsiders' bytes away from protocol negotiation. The key shields, it never authorises.
 */
export interface Federation {
  readonly name: string;
  readonly era: number;
  readonly psk: Uint8Array;
}

/** It stands in the names of logs, which can hold no more (log.md §5.5). */
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

const federationSchema = z.strictObject({
  comity: z.literal('federation/1'),
  name: z.string().regex(NAME),
  era: z.int().min(1).max(65_535),
  psk: z.string().regex(/^[0-9a-f]{64}$/),
});

/** @throws Fault log.bad-federation */
export function createFederation(name: string): Federation {
  if (!NAME.test(name))
    throw new Fault(
      'log.bad-federation',
      'expected 1 to 63 lower-case letters, digits and hyphens as name of the federation',
    );
  return { name, era: 1, psk: new Uint8Array(randomBytes(32)) };
}

/** Writes the federation file for its owner only. */
export function writeFederation(path: string, federation: Federation): void {
  const { name, era, psk } = federation;
  writeFileSync(
    path,
    `${JSON.stringify({ comity: 'federation/1', name, era, psk: toHex(psk) }, null, 2)}\n`,
    { mode: 0o600, flag: 'wx' },
  );
}

/** @throws Fault config.unreadable, config.invalid */
export function readFederation(path: string): Federation {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Fault('config.unreadable', `cannot read the federation file ${path}`, {
      fields: { path },
      cause,
    });
  }
  try {
    const { name, era, psk } = federationSchema.parse(JSON.parse(text));
    return { name, era, psk: fromHex(psk) };
  } catch (cause) {
    throw new Fault('config.invalid', `${path} is not a federation file`, { fields: { path }, cause });
  }
}
