import type { ValidCase, VectorFile } from '../vector.ts';
import { both, severity, stating, title } from './condition-scenes.ts';
import { decided, decisions, INSIDE, NO_PERMIT, type Scene } from './decision-scenes.ts';
import { policy, rule } from './policy-text.ts';

/** What the view of the holder shows of a record, and what is unknown (disclosure.md 4.2 d, 4.3). */
export function decisionsByFact(): VectorFile {
  return decisions('facts', facts());
}

function facts(): readonly ValidCase[] {
  const sector = { sector: 'health' };
  const least = { severity: { 'at-least': 'low' } };
  const hidden = stating({ title, sectors: ['space'], severity: severity('us-nciss', 'baseline-minor') });
  const silent = stating({ title });
  const norm = stating({ title, kind: 'voluntary' }, 'norm');
  const rumour = stating({ title, sectors: ['space'] }, 'rumour');
  const withoutPart = (name: string): Scene => ({
    ...hidden,
    disclosures: hidden.record.parts.filter((part) => part !== hidden.paths[name]),
  });
  return [
    ...both('the holder does not have the sectors', withoutPart('sectors'), sector, 'unknown'),
    ...both('the holder does not have the severity', withoutPart('severity'), least, 'unknown'),
    ...both('no sectors are in sight, and some digest may stand for them', silent, sector, 'unknown'),
    ...both(
      'no sectors are stated: every other digest is known to be a decoy',
      { ...silent, disclosures: [...silent.record.parts, ...silent.record.decoys] },
      sector,
      'no',
    ),
    ...both(
      'no severity is stated: every other digest is known to be a decoy',
      { ...silent, disclosures: [...silent.record.parts, ...silent.record.decoys] },
      least,
      'no',
    ),
    ...both('sectors in another form', stating({ sectors: 'health' }), sector, 'unknown'),
    ...both('a list of no sectors', stating({ sectors: [] }), sector, 'unknown'),
    ...both(
      'one of the sectors is not registered',
      stating({ sectors: ['health', 'piracy'] }),
      sector,
      'unknown',
    ),
    ...both(
      'a severity that the scale does not have',
      stating({ severity: severity('us-nciss', 'significant') }),
      least,
      'unknown',
    ),
    ...both('a severity without its scale', stating({ severity: 'high' }), least, 'unknown'),
    ...both('sectors in the clear', stating({ title }, 'incident', { sectors: ['health'] }), sector, 'yes'),
    ...both('a type that has no sectors', norm, sector, 'no'),
    ...both(
      'a type that has no severity, with a field of this name',
      stating({ title, severity: severity('us-nciss', 'high') }, 'norm'),
      least,
      'no',
    ),
    ...both('a type that is not known here: its sectors are not, either', rumour, sector, 'unknown', false),
    ...both('a type that is not known here is not the one named', rumour, { type: 'incident' }, 'no', false),
    decided(
      'a type that is not known here matches no permitting rule, also without a condition',
      { ...rumour, policy: policy([rule()]) },
      NO_PERMIT,
      { title: INSIDE, sectors: INSIDE },
    ),
  ];
}
