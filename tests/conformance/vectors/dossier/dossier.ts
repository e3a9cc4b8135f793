import type { VectorFile } from '../vector.ts';
import { anchorsFile } from './anchors.ts';
import { certificatesFile } from './certificates.ts';
import { consentsFile } from './consents.ts';
import { contradictionsFile } from './contradictions.ts';
import { cosignerLinesFile } from './cosigner-lines.ts';
import { delegationsFile } from './delegations.ts';
import { documentsFile } from './documents.ts';
import { refusedFilesFile } from './files-refused.ts';
import { generationsFile } from './generations.ts';
import { historiesFile } from './histories.ts';
import { keyStatesFile } from './key-states.ts';
import { linksFile } from './links.ts';
import { modesFile } from './modes.ts';
import { notificationFaultsFile } from './notification-faults.ts';
import { notificationsFile } from './notifications.ts';
import { proofFaultsFile } from './proof-faults.ts';
import { proofTimesFile } from './proof-times.ts';
import { proofsFile } from './proofs.ts';
import { quorumFile } from './quorum.ts';
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
    certificatesFile(),
    recordFaultsFile(),
    documentsFile(),
    contradictionsFile(),
    proofsFile(),
    proofTimesFile(),
    proofFaultsFile(),
    cosignerLinesFile(),
    historiesFile(),
    generationsFile(),
    quorumFile(),
    keyStatesFile(),
    delegationsFile(),
    notificationsFile(),
    modesFile(),
    consentsFile(),
    notificationFaultsFile(),
    receiptsFile(),
    linksFile(),
    refusedFilesFile(),
  ];
}
