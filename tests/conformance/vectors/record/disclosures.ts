// record.verify: disclosures that break a rule, each beside others that are good (record.md §5).

import { cbor, filled, type Item, map, record, Tag } from '../cbor-text.ts';
import { arcadia, drawn } from '../states.ts';
import type { InvalidCase, VectorFile } from '../vector.ts';
import { elementDecoys, incident, parts } from './incident.ts';
import { beside, invalid, type Members, verifying } from './inputs.ts';
import {
  carrying,
  type Disclosure,
  decoy,
  disclosureOf,
  element,
  field,
  label,
  openLabel,
  overall,
  type RecordText,
  recordText,
  withheldElements,
  withheldFields,
} from './text.ts';

const subject = 'norm/disclosures';
const title = field('title', record({ en: 'Hospitals are no target' }));

function norm(body: readonly Disclosure[]): RecordText {
  return recordText({ issuer: arcadia, subject, body });
}

/** A record one of whose digests is that of these bytes, disclosed beside a good part. */
function withBytes(item: Item): Members {
  const odd = disclosureOf(cbor(item));
  return verifying(norm([title, odd]).view([title, odd]));
}

const salt = drawn('salt');

function badForms(): readonly InvalidCase[] {
  const refused = (code: string, clause: string, comment: string, item: Item): InvalidCase =>
    invalid(`record.${code}`, clause, comment, withBytes(item));
  const tagged = new Tag(60, filled(1));
  return [
    refused('disclosure-malformed', '5.1', 'A disclosure is a map.', map([1, salt])),
    refused('disclosure-malformed', '5.1', 'A disclosure is a salt without an array around it.', salt),
    refused('disclosure-arity', '5.1', 'A disclosure is an empty array.', []),
    refused('disclosure-arity', '5.1', 'A disclosure has four elements.', [salt, [null, 1], 'name', null]),
    refused('disclosure-arity', '5.1', 'Label and content are not wrapped: four elements.', [
      salt,
      null,
      1,
      'name',
    ]),
    refused('salt-length', '5.1', 'The salt has 15 bytes.', [filled(1, 15), [null, 1], 'name']),
    refused('salt-length', '5.1', 'The salt has 17 bytes.', [filled(1, 17), [null, 1], 'name']),
    refused('salt-length', '5.1', 'The salt is empty.', [Buffer.alloc(0), [null, 1], 'name']),
    refused('salt-length', '5.1', 'The salt is a text of 16 bytes.', ['0123456789abcdef', [null, 1], 'name']),
    refused('salt-length', '5.1', 'A decoy has a salt of 32 bytes.', [filled(1)]),
    refused('part-malformed', '5.2', 'The content stands without a label.', [salt, 1, 'name']),
    refused('part-malformed', '5.2', 'Label and content have a third beside them.', [
      salt,
      [null, 1, 2],
      'name',
    ]),
    refused('part-malformed', '5.2', 'There is a label and no content.', [salt, [null], 'name']),
    refused('part-malformed', '5.2', 'Label and content are a map.', [salt, map([0, null], [1, 1]), 'name']),
    refused('part-malformed', '5.4', 'The content is a digest of an element.', [
      salt,
      [null, tagged],
      'name',
    ]),
    refused('key-not-text', '5.2', 'The name is an integer: it would stand for a claim.', [
      salt,
      [null, 1],
      2,
    ]),
    refused('key-not-text', '5.2', 'The name is a byte string.', [salt, [null, 1], Buffer.from('name')]),
    refused('key-not-text', '5.2', 'The name is null.', [salt, [null, 1], null]),
    refused('bad-field-name', '5.2', 'The name of a disclosed field is empty.', [salt, [null, 1], '']),
    refused('bad-field-name', '5.2', 'The name of a disclosed field has a dot.', [salt, [null, 1], 'a.b']),
    refused('bad-field-name', '5.2', 'The name of a disclosed field has 65 characters.', [
      salt,
      [null, 1],
      'a'.repeat(65),
    ]),
    refused('label-malformed', '5.3', 'The label of a part is the name of a level.', [
      salt,
      ['secret', 1],
      'name',
    ]),
    refused('label-malformed', '5.3', 'The label of a part has no scheme.', [
      salt,
      [label('secret', 'RED', [[1, undefined]]), 1],
      'name',
    ]),
    refused('label-malformed', '5.3', 'The label of a part is an empty map.', [salt, [map(), 1], 'name']),
  ];
}

function badPlaces(): readonly InvalidCase[] {
  const refused = (code: string, comment: string, input: Members): InvalidCase =>
    invalid(`record.${code}`, '5.6', comment, input);
  const other = norm([title]);
  const changedSalt = field('title', record({ en: 'Ransomware at a hospital' }), { salt: 'another' });
  const asElement = norm([field('list', withheldElements([field('name', 1)]))]);
  const asField = norm([element(1)]);
  const innerAsField = norm([field('map', withheldFields([element('inside')]))]);
  const bytesOf = (disclosures: readonly Disclosure[]): Buffer[] => disclosures.map(({ bytes }) => bytes);
  return [
    refused(
      'orphan-disclosure',
      'A disclosure of another record beside a good one.',
      verifying(incident.view([parts.title, ...other.parts])),
    ),
    refused(
      'orphan-disclosure',
      'The content of a part with another salt: the digest is another.',
      verifying(incident.view([changedSalt])),
    ),
    refused(
      'orphan-disclosure',
      'A part without the part that it stands in.',
      verifying(incident.view([parts.title, parts.name])),
    ),
    refused(
      'orphan-disclosure',
      'A part whose part stands in one that is withheld.',
      verifying(incident.view([parts.contact, parts.phone])),
    ),
    refused(
      'orphan-disclosure',
      'An element without the array that it stands in.',
      verifying(incident.view([parts.second])),
    ),
    refused(
      'orphan-disclosure',
      'A decoy that no digest stands for.',
      verifying(incident.view([parts.title, decoy('nowhere')])),
    ),
    refused(
      'orphan-disclosure',
      'A decoy of an array that is withheld.',
      verifying(incident.view(elementDecoys.slice(0, 1))),
    ),
    refused(
      'orphan-disclosure',
      'A disclosure of another record beside this one.',
      beside(incident, other.parts),
    ),
    refused(
      'duplicate-disclosure',
      'A disclosure stands twice in entry 17.',
      verifying(carrying(incident, bytesOf([parts.title, parts.title]))),
    ),
    refused(
      'duplicate-disclosure',
      'A disclosure stands twice beside the record, others between the two.',
      beside(incident, [parts.title, parts.whole, parts.title]),
    ),
    refused(
      'duplicate-disclosure',
      'A disclosure stands in entry 17 and beside the record.',
      verifying(incident.view([parts.title]), { disclosures: [parts.title.bytes.toString('hex')] }),
    ),
    refused(
      'duplicate-disclosure',
      'A decoy stands twice.',
      verifying(carrying(incident, bytesOf([parts.indicators, ...elementDecoys, ...elementDecoys]))),
    ),
    refused(
      'field-as-element',
      'A disclosure with a name stands for an element.',
      verifying(asElement.view()),
    ),
    refused(
      'element-as-field',
      'A disclosure without a name stands for a field at the root.',
      verifying(asField.view()),
    ),
    refused(
      'element-as-field',
      'A disclosure without a name stands for a field of a part.',
      verifying(innerAsField.view()),
    ),
  ];
}

function collisions(): readonly InvalidCase[] {
  const refused = (code: string, comment: string, input: Members): InvalidCase =>
    invalid(`record.${code}`, '5.7', comment, input);
  const again = field('title', record({ en: 'Hospitals are targets' }), { salt: 'another' });
  const same = field('title', record({ en: 'Hospitals are no target' }), { salt: 'another' });
  const inner = field('map', withheldFields([field('a', 1), field('a', 2)]));
  const innerClear = field('map', withheldFields([field('a', 1)], [['a', 1]]));
  const clear = recordText({ issuer: arcadia, subject, body: withheldFields([title], [['title', 'x']]) });
  const two = [overall(openLabel, 'one'), overall(openLabel, 'two')];
  return [
    refused(
      'key-present',
      'Two disclosed fields have one name and different content.',
      verifying(norm([title, again]).view()),
    ),
    refused(
      'key-present',
      'Two disclosed fields have one name, the same content and different salts.',
      verifying(norm([title, same]).view()),
    ),
    refused('key-present', 'A disclosed field has the name of one in the clear.', verifying(clear.view())),
    refused('key-present', 'Two disclosed fields of a part have one name.', verifying(norm([inner]).view())),
    refused(
      'key-present',
      'A disclosed field of a part has the name of one in the clear in it.',
      verifying(norm([innerClear]).view()),
    ),
    refused('key-present', 'There are two overall parts.', verifying(norm(two).view())),
    refused(
      'overall-malformed',
      'The overall part inherits its label.',
      verifying(norm([field('overall', null)]).view()),
    ),
    refused(
      'overall-malformed',
      'The overall part has content.',
      verifying(norm([field('overall', 'all', { label: openLabel })]).view()),
    ),
    refused(
      'overall-malformed',
      'The content of the overall part is an empty map.',
      verifying(norm([field('overall', map(), { label: openLabel })]).view()),
    ),
  ];
}

export function recordDisclosureVectors(): readonly VectorFile[] {
  return [
    { topic: 'record', name: 'disclosures', op: 'record.verify', invalid: badForms() },
    { topic: 'record', name: 'places', op: 'record.verify', invalid: [...badPlaces(), ...collisions()] },
  ];
}
