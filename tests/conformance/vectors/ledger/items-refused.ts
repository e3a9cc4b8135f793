// Items that are not what their entry names, or do not pass by themselves, or not together with what is held.

import { cbor, filled, hex, record, sha256 } from '../cbor-text.ts';
import { type Disclosure, field, recordText } from '../record/text.ts';
import { keyPair } from '../signing.ts';
import { arcadia, BEGIN_SECONDS, borealis, END_SECONDS, NOW_SECONDS } from '../states.ts';
import type { InvalidCase, InvalidFile } from '../vector.ts';
import { entryOf, inHex, item, knowing, lowOverall, type Members, sampleNorm, twoTitles } from './items.ts';
import { entryItem } from './text.ts';

const norm = sampleNorm(arcadia);
const { signed, whole, title, kind, provisions, provision } = norm;
const later = sampleNorm(arcadia, NOW_SECONDS - 1);

export function refusedItemsFile(): InvalidFile {
  return {
    topic: 'ledger',
    name: 'items',
    op: 'ledger.item',
    invalid: [...mismatches(), ...unreadable(), ...unsound(), ...excluded()],
  };
}

function refused(code: string, clause: string, comment: string, input: Members): InvalidCase {
  return { comment, in: input, code, clause };
}

function mismatches(): readonly InvalidCase[] {
  const mismatch = (
    clause: string,
    comment: string,
    disclosures: readonly Disclosure[],
    changes: Members,
  ): InvalidCase => refused('node.item-mismatch', clause, comment, item(signed, disclosures, changes));
  const { record: _record, ...bare } = item(signed, [title]);
  return [
    mismatch('3.2', 'a disclosure that the entry does not name', [title, kind], {
      entry: entryOf(signed, [title]),
    }),
    mismatch('3.2', 'a disclosure is missing that the entry names', [title], {
      entry: entryOf(signed, [title, kind]),
    }),
    mismatch('3.2', 'none of the disclosures that the entry names', [], { entry: entryOf(signed, [title]) }),
    mismatch('3.2', 'another disclosure than the one that the entry names', [kind], {
      entry: entryOf(signed, [title]),
    }),
    mismatch('3.2', 'the disclosures stand in the record, where they are not looked at', [], {
      entry: entryOf(signed, [title]),
      record: hex(signed.view([title])),
    }),
    mismatch('3.2', 'the part that another stands in is disclosed, but not named', [provisions, provision], {
      entry: entryOf(signed, [provision]),
    }),
    refused('node.item-mismatch', '3.4', 'a bare item with the disclosure that its entry names', bare),
    refused('node.item-mismatch', '3.4', 'a bare item with a disclosure that is none', {
      ...bare,
      disclosures: ['80'],
    }),
    mismatch('4.5', 'the entry of another record that has the same parts', [title], {
      entry: entryOf(later.signed, [title]),
    }),
    mismatch('4.5', 'another record, with the parts that the entry names', [title], {
      entry: entryOf(signed, [title]),
      record: hex(later.signed.message),
    }),
    mismatch('4.5', 'the entry names another record', [title], {
      entry: hex(
        cbor(
          entryItem([
            [2, filled(0x01)],
            [3, [title.digest]],
          ]),
        ),
      ),
    }),
  ];
}

function unreadable(): readonly InvalidCase[] {
  const recall = hex(cbor(entryItem([[1, 'recall']])));
  const descending = hex(cbor(entryItem([[3, [filled(2), filled(1)]]])));
  const { record: _record, ...bare } = item(signed, [], { entry: recall });
  return [
    refused(
      'cbor.shape',
      '4.4',
      'an entry that cannot be read, with a good record',
      item(signed, [], { entry: recall }),
    ),
    refused('cbor.shape', '4.4', 'a bare item whose entry cannot be read', bare),
    refused(
      'log.entry-disclosures',
      '1.4',
      'an entry whose digests are not in order',
      item(signed, [], { entry: descending }),
    ),
  ];
}

/** Records that do not climb the ladder of record.md §6, and views that do not open. */
function unsound(): readonly InvalidCase[] {
  const withoutKey = recordText({ issuer: arcadia, subject: 'norm/a', key: keyPair(0x77) });
  const atEnd = sampleNorm(arcadia, END_SECONDS);
  const tooEarly = sampleNorm(arcadia, BEGIN_SECONDS - 1);
  const byLogKey = recordText({ issuer: arcadia, subject: 'norm/a', key: arcadia.keys.log });
  const inAnothersName = recordText({ issuer: arcadia, subject: 'norm/a', key: borealis.keys.record });
  const orphan = field('title', record({ en: 'Of no record' }));
  const broken = Buffer.from(signed.message);
  broken.writeUInt8(broken.readUInt8(broken.length - 40) ^ 1, broken.length - 40);
  const brokenId = { id: sha256(broken) };
  return [
    refused(
      'identity.unknown-key',
      'charter 6.6',
      'the issuer is not known',
      item(signed, [title], knowing(borealis)),
    ),
    refused(
      'identity.unknown-key',
      'charter 6.6',
      'signed with a key without a certificate',
      item(withoutKey, []),
    ),
    refused('identity.wrong-usage', 'charter 6.6', 'signed with the key for logs', item(byLogKey, [])),
    refused(
      'identity.expired',
      'charter 6.6',
      'issued when its key has ended',
      item(atEnd.signed, [], { atSeconds: END_SECONDS }),
    ),
    refused(
      'identity.not-yet-valid',
      'charter 6.6',
      'issued a second before its key begins',
      item(tooEarly.signed, []),
    ),
    refused(
      'record.key-not-granted',
      'record 6.4',
      'signed with the key of another state',
      item(inAnothersName, []),
    ),
    refused(
      'record.issued-in-future',
      'record 6.4',
      '301 seconds ahead of the recipient',
      item(signed, [title], { atSeconds: NOW_SECONDS - 301 }),
    ),
    refused('ed25519.bad-signature', 'keys 2.5', 'one bit of the signature turned over', {
      ...item(signed, []),
      entry: entryOf(brokenId, []),
      record: hex(broken),
    }),
    refused(
      'record.orphan-disclosure',
      'record 5.6',
      'a disclosure of no part of the record, which the entry names',
      item(signed, [title, orphan]),
    ),
    refused(
      'record.orphan-disclosure',
      'record 5.6',
      'a part without the one that it stands in',
      item(signed, [provision]),
    ),
    refused(
      'record.duplicate-disclosure',
      'record 5.6',
      'a disclosure twice',
      item(signed, [title], { disclosures: inHex([title, title]) }),
    ),
    refused(
      'record.key-present',
      'record 5.7',
      'two fields of one name in one item',
      item(twoTitles.signed, [twoTitles.one, twoTitles.other]),
    ),
    refused(
      'identity.wrong-issuer',
      'charter 3.2',
      'a certificate of a state without its charter',
      item(signed, [title], { ...knowing(arcadia), charters: [hex(borealis.charter)] }),
    ),
  ];
}

function excluded(): readonly InvalidCase[] {
  const excludes = (
    comment: string,
    { signed: record }: typeof twoTitles | typeof lowOverall,
    came: readonly Disclosure[],
    before: readonly Disclosure[],
  ): InvalidCase =>
    refused('node.merge-refused', '4.6', comment, item(record, came, { held: inHex(before) }));
  return [
    excludes('a field whose name is that of one that is held', twoTitles, [twoTitles.other], [twoTitles.one]),
    excludes('the same the other way round', twoTitles, [twoTitles.one], [twoTitles.other]),
    excludes(
      'an overall label below that of a part that is held',
      lowOverall,
      [lowOverall.low],
      [lowOverall.high],
    ),
    excludes('a part above the overall label that is held', lowOverall, [lowOverall.high], [lowOverall.low]),
    refused(
      'record.orphan-disclosure',
      'record 5.6',
      'what is held is of another record',
      item(signed, [title], { held: inHex([twoTitles.one]) }),
    ),
    refused(
      'node.item-mismatch',
      '3.2',
      'what the entry names is held, but did not come',
      item(signed, [title], { entry: entryOf(signed, [title, whole]), held: inHex([whole]) }),
    ),
  ];
}
