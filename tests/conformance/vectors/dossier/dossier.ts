import type { VectorFile } from '../vector.ts';
import { anchorsFile } from './anchors.ts';
import { contradictionsFile } from './contradictions.ts';
import { documentsFile } from './documents.ts';
import { refusedFilesFile } from './files-refused.ts';
import { linksFile } from './links.ts';
import { notificationFaultsFile } from './notification-faults.ts';
import { notificationsFile } from './notifications.ts';
import { proofFaultsFile } from './proof-faults.ts';
import { proofTimesFile } from './proof-times.ts';
import { proofsFile } from './proofs.ts';
import { receiptsFile } from './receipts.ts';
import { recordFaultsFile } from './record-faults.ts';
import { recordKeysFile } from './record-keys.ts';
import { recordsFile } from './records.ts';

/** Vectors of dossier.md. */
export function dossierVectors(): readonly VectorFile[] {
  return [
    anchorsFile(),
    recordsFile(),
    recordKeysFile(),
    recordFaultsFile(),
    documentsFile(),
    contradictionsFile(),
    proofsFile(),
    proofTimesFile(),
    proofFaultsFile(),
    notificationsFile(),
    notificationFaultsFile(),
    receiptsFile(),
    linksFile(),
    refusedFilesFile(),
  ];
}
