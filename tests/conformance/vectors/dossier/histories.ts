// dossier.verify: two checkpoints of one log that cannot both be of it (dossier.md 5.13, 6.5).

import { LedgerText } from '../ledger/text.ts';
import { keyPair } from '../signing.ts';
import { END_SECONDS } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { inLedger, notification } from './notifications.ts';
import { reports } from './pieces.ts';
import { COSIGNED, logged, OWN, PLAIN, proofCase, uncosigned } from './proof-pieces.ts';
import {
  AFTER,
  failed,
  type NotificationPart,
  notDone,
  type RecordDeviations,
  type RecordPart,
  type Verdict,
} from './scene.ts';
import {
  byLog,
  entry,
  entryOf,
  incident,
  leaves,
  lines,
  proofOf,
  SAYS_OF_ENTRY,
  saysOf,
  told,
  toldOf,
} from './story.ts';

export function historiesFile(): ValidFile {
  return reports('histories', [...ofRecords(), ...ofNotifications()]);
}

const FORKED: RecordDeviations = { checkpoint: failed('two-histories'), cosignatures: AFTER };
const storm = incident('storm');
/** A tree of the same size in which the last leaf is another. */
const otherLeaves = [...leaves.slice(0, -1), storm.id];

/** Another incident, with a proof. */
function stormPart(proof: string, steps: RecordDeviations, out = {}, verdict: Verdict = 'VALID'): RecordPart {
  const says = { ...saysOf({ subject: 'incident/storm' }), disclosed: 0, undisclosed: 4 };
  return { text: storm, proof, verdict, steps, out: { ...says, ...out } };
}

function ofRecords(): readonly ValidCase[] {
  const other = proofOf(lines(OWN), { of: otherLeaves, index: 4 });
  const longer = proofOf(lines(OWN), { of: [...leaves.slice(1), told.id, storm.id], index: 5 });
  const byUnknown = proofOf(lines(byLog(keyPair(0x79))), { of: otherLeaves, index: 4 });
  const notIncluded = proofOf(lines(OWN), { of: otherLeaves, index: 3 });
  const together = [told.id, storm.id];
  const undecided = notDone('no-cosignature');
  const fork = (comment: string, proof: string, atSeconds?: number): ValidCase =>
    proofCase(comment, toldForked(proof), {
      records: [toldForked(proof), stormPart(other, FORKED, {}, 'INVALID')],
      verdict: 'INVALID',
      ...(atSeconds !== undefined && { atSeconds }),
    });
  const beside = (comment: string, first: RecordPart, second: RecordPart, verdict: Verdict): ValidCase =>
    proofCase(comment, first, { records: [first, second], verdict });
  return [
    fork('two records in two trees of one size, both signed by the log', PLAIN),
    fork('two such trees, one of which was cosigned', COSIGNED),
    fork('two such trees, asked when the key of the log has ended', PLAIN, END_SECONDS),
    beside(
      'two records in one tree',
      uncosigned(proofOf(lines(OWN), { of: together, index: 0 }), { index: 0, size: 2 }),
      stormPart(
        proofOf(lines(OWN), { of: together, index: 1 }),
        { cosignatures: undecided },
        { index: 1, size: 2 },
      ),
      'VALID',
    ),
    beside(
      'two records in trees of different sizes, of which neither shows anything about the other',
      uncosigned(PLAIN),
      stormPart(longer, { cosignatures: undecided }, { index: 5, size: 6 }),
      'VALID',
    ),
    beside(
      'the other tree is signed with a key that nobody knows',
      uncosigned(PLAIN),
      stormPart(byUnknown, { checkpoint: notDone('no-certificate'), cosignatures: AFTER }),
      'VALID',
    ),
    beside(
      'the proof of the other tree does not lead to its root, so that nobody opens it',
      uncosigned(PLAIN),
      stormPart(
        notIncluded,
        { inclusion: failed('not-in-log'), checkpoint: AFTER, cosignatures: AFTER },
        {},
        'INVALID',
      ),
      'INVALID',
    ),
  ];
}

function toldForked(proof: string): RecordPart {
  return { ...logged(proof, FORKED, {}), verdict: 'INVALID' };
}

function ofNotifications(): readonly ValidCase[] {
  const forked = (part: NotificationPart, out = SAYS_OF_ENTRY): NotificationPart => ({
    ...part,
    verdict: 'INVALID',
    steps: { checkpoint: failed('two-histories'), receipt: AFTER },
    out,
  });
  const one = inLedger(new LedgerText([entry]), 0);
  const two = inLedger(new LedgerText([entryOf(told, [])]), 0);
  const alone = proofOf(lines(OWN), { of: [told.id], index: 0 });
  return [
    notification('two entries in two ledgers of one size for one recipient', one, {
      notifications: [forked(one), forked(two, { ...SAYS_OF_ENTRY, ...toldOf([]) })],
      verdict: 'INVALID',
    }),
    notification('a log and a ledger of one size', one, {
      records: [uncosigned(alone, { index: 0, size: 1 })],
    }),
    notification('one entry in a ledger that was longer when the other was shown', one, {
      notifications: [
        one,
        inLedger(new LedgerText([entry, entryOf(told, [])]), 1, {
          out: { ...SAYS_OF_ENTRY, ...toldOf([]), receivedAtSeconds: one.out?.receivedAtSeconds ?? 0 },
        }),
      ],
    }),
  ];
}
