// dossier.verify: how a record was released, and what of it the file shows (dossier.md 6.1, 10.5).

import { LedgerText } from '../ledger/text.ts';
import { arcadia, borealis, type State } from '../states.ts';
import type { ValidCase, ValidFile } from '../vector.ts';
import { inLedger, notification } from './notifications.ts';
import { reports } from './pieces.ts';
import {
  AFTER,
  certificate,
  charter,
  failed,
  type Members,
  type NotificationPart,
  notDone,
} from './scene.ts';
import {
  allKeys,
  cimmeria,
  entryOf,
  incident,
  notified,
  RECEIVED_SECONDS,
  SAYS_OF_ENTRY,
  title,
  told,
  toldOf,
  victim,
} from './story.ts';

export function modesFile(): ValidFile {
  return reports('modes', [...modes(), ...shown()]);
}

const THREE = {
  anchors: [arcadia, borealis, cimmeria],
  documents: [...allKeys, certificate(borealis, 'log'), charter(cimmeria), certificate(cimmeria, 'witness')],
};

/** The record as somebody has released it to somebody else. */
function released(sender: State, recipient: State, mode: string, out: Members): NotificationPart {
  const of = new LedgerText([entryOf(told, [title], mode)], sender, recipient);
  return { ...inLedger(of, 0), sender, recipient, out: { ...notified.out, mode, ...out } };
}

function modes(): readonly ValidCase[] {
  const wrong = (comment: string, sender: State, recipient: State, mode: string): ValidCase =>
    notification(
      comment,
      {
        ...released(sender, recipient, mode, {}),
        verdict: 'INVALID',
        steps: {
          entry: failed('wrong-mode'),
          ...{ record: AFTER, inclusion: AFTER, checkpoint: AFTER, receipt: AFTER },
        },
        out: {},
      },
      THREE,
    );
  const elsewhere = new LedgerText([entryOf(incident('a'), [], 'relay')]);
  return [
    notification('its issuer has answered a question with it', released(arcadia, borealis, 'query', {})),
    wrong('its issuer hands it on as that of another', arcadia, borealis, 'relay'),
    wrong('another state releases it as its own', borealis, cimmeria, 'push'),
    wrong('another state answers a question with it as its own', borealis, cimmeria, 'query'),
    notification('handed on, where the record is not in the file and nobody can tell whose it is', {
      ...inLedger(elsewhere, 0),
      verdict: 'INDETERMINATE',
      steps: { record: notDone('no-record') },
      out: {
        ...SAYS_OF_ENTRY,
        ...toldOf([]),
        ...{ recordId: incident('a').idText, mode: 'relay', receivedAtSeconds: RECEIVED_SECONDS },
      },
    }),
  ];
}

function shown(): readonly ValidCase[] {
  const both = new LedgerText([entryOf(told, [title, victim])]);
  const hidden = new LedgerText([entryOf(told, [victim])]);
  const elsewhere = new LedgerText([entryOf(incident('a'), [title])]);
  return [
    notification(
      'two parts were released, and the file shows one',
      inLedger(both, 0, { out: { ...notified.out, ...toldOf([title], [victim]) } }),
    ),
    notification(
      'a part was released that the file does not show',
      inLedger(hidden, 0, { out: { ...notified.out, ...toldOf([], [victim]) } }),
    ),
    notification('the part stands in the file with another record', {
      ...inLedger(elsewhere, 0),
      verdict: 'INDETERMINATE',
      steps: { record: notDone('no-record') },
      out: { ...notified.out, ...toldOf([], [title]), recordId: incident('a').idText },
    }),
  ];
}
