import { Fault } from '@comity/fault';

/** Records of a dossier, at most (dossier.md 1.3). */
export const MAX_RECORDS_ASKED = 1_024;

/** @throws Fault dossier.too-large */
export function assertFits(what: string, count: number, most: number): void {
  if (count > most)
    throw new Fault('dossier.too-large', `a dossier has at most ${most} ${what}, and these are ${count}`, {
      fields: { what, count, most },
    });
}
