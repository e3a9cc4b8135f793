import { type Dossier, encodeDossier, MAX_DOSSIER_BYTES } from '@comity/dossier';
import { Fault, isFault } from '@comity/fault';

/** Records of a dossier, at most (dossier.md 1.3). */
export const MAX_RECORDS_ASKED = 1_024;
/** Notifications of a dossier, and signature lines in all its proofs and receipts (dossier.md 1.2, 1.3). */
const MAX_NOTIFICATIONS = 4_096;
const MAX_SIGNATURE_LINES = 4_096;

/** @throws Fault dossier.too-large */
export function assertFits(what: string, count: number, most: number): void {
  if (count > most)
    throw new Fault('dossier.too-large', `a dossier has at most ${most} ${what}, and these are ${count}`, {
      fields: { what, count, most },
    });
}

/** The bytes of a dossier, or in plain words what of it is too much. @throws Fault dossier.too-large */
export function encodeFitting(dossier: Dossier): Uint8Array {
  const { records, notifications } = dossier;
  assertFits('notifications', notifications.length, MAX_NOTIFICATIONS);
  const texts = [
    ...records.map(({ proof }) => proof ?? ''),
    ...notifications.flatMap(({ proof, receipt }) => [proof, receipt]),
  ];
  const lines = texts.reduce((sum, text) => sum + (text.match(/^\u2014 /gm)?.length ?? 0), 0);
  assertFits('signature lines', lines, MAX_SIGNATURE_LINES);
  try {
    return encodeDossier(dossier);
  } catch (cause) {
    if (!isFault(cause, 'cbor.too-many-bytes') && !isFault(cause, 'cbor.too-many-items')) throw cause;
    throw new Fault(
      'dossier.too-large',
      `a dossier has at most ${MAX_DOSSIER_BYTES} bytes and 131072 items`,
      {
        cause,
      },
    );
  }
}
