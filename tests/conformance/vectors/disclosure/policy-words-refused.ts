import type { InvalidCase } from '../vector.ts';
import { type JsonObject, policy, refusing, withProfile, withRule } from './policy-text.ts';

/** Words of a policy that nobody has registered, declared or heard of (disclosure.md 6.3, 6.5 to 6.7). */
export function words(): readonly InvalidCase[] {
  const member = refusing('policy.unknown-recipient', '6.3');
  const recipient = refusing('policy.unknown-recipient', '6.5');
  const state = refusing('policy.unknown-state', '6.5');
  const mode = refusing('policy.unknown-mode', '6.5');
  const purpose = refusing('policy.unknown-purpose', '6.5');
  const type = refusing('policy.unknown-type', '6.6');
  const sector = refusing('policy.unknown-sector', '6.6');
  const severity = refusing('policy.unknown-severity', '6.6');
  const grave = (value: JsonObject): JsonObject => withRule({ when: { severity: value } });
  const groups = { north: ['XBO'] };
  return [
    member('a code in small letters in a group', policy([], { groups: { north: ['xbo'] } })),
    member('a group in a group', policy([], { groups: { ...groups, all: ['north', 'XCA'] } })),
    recipient('a group that is not declared', withRule({ to: 'south' }, { groups })),
    recipient('a code of two letters', withRule({ to: 'XB' })),
    recipient('a code of four letters', withRule({ to: 'XBOX' })),
    recipient('a code with a digit', withRule({ to: 'XB0' })),
    recipient('a code with a line feed behind it', withRule({ to: 'XBO\n' })),
    recipient('everybody', withRule({ to: '*' })),
    recipient('a name that objects have anyway', withRule({ to: 'constructor' }, { groups })),
    state('a code that nobody here has', withRule({ to: ['XBO', 'XZZ'] })),
    state(
      'a code that nobody here has, in a group that no rule uses',
      policy([], { groups: { north: ['XZZ'] } }),
    ),
    state('no state is known', withRule({}), []),
    mode('a mode that there is not', withRule({ mode: 'pull' })),
    mode('a mode in capitals', withRule({ mode: ['PUSH'] })),
    mode('an empty text as the mode', withRule({ mode: '' })),
    purpose('a purpose that is not registered', withRule({ purpose: ['incident-response', 'curiosity'] })),
    purpose('a purpose in another letter case', withRule({ purpose: 'Incident-Response' })),
    purpose('a name that objects have anyway', withRule({ purpose: 'constructor' })),
    type('a record type that is not registered', withRule({ when: { type: ['incident', 'rumour'] } })),
    type('a name that objects have anyway', withRule({ when: { type: 'toString' } })),
    sector('a sector that is not registered', withRule({ when: { sector: 'piracy' } })),
    sector('a sub-sector of another sector', withRule({ when: { sector: 'transport/oil' } })),
    sector('a sector in another letter case', withRule({ when: { sector: 'Health' } })),
    sector('a sector with a slash behind it', withRule({ when: { sector: 'energy/' } })),
    severity('a word that no scale has', grave({ 'at-least': 'dreadful' })),
    severity('a scale that is not registered', grave({ scale: 'richter', 'at-least': 'high' })),
    severity('a word of another scale', grave({ scale: 'uk-ncsc', 'at-least': 'high' })),
    severity(
      'a name that objects have anyway, as the scale',
      grave({ scale: 'constructor', 'at-least': 'high' }),
    ),
    ...unknownParts(),
  ];
}

function unknownParts(): readonly InvalidCase[] {
  const refuse = refusing('policy.unknown-part', '6.7');
  return [
    refuse('a misspelt field', withRule({ parts: ['titel'] })),
    refuse('a misspelt field that a profile would drop', withProfile({ drop: 'victim.nam' })),
    refuse('a misspelt field that a profile would keep', withProfile({ keep: ['title', 'Summary'] })),
    refuse('a position in a list', withRule({ parts: 'indicators[0]' })),
    refuse('a field inside an element', withRule({ parts: 'indicators.value' })),
    refuse('a language inside a field that is one part', withRule({ parts: 'title.en' })),
    refuse('a third step', withRule({ parts: 'victim.name.en' })),
    refuse('a dot behind a field', withRule({ parts: 'victim.' })),
    refuse('a field of a map without the map', withRule({ parts: 'contact' })),
    refuse('the envelope, which is no part', withRule({ parts: 'envelope' })),
    refuse('a part of the overall part', withRule({ parts: 'overall.label' })),
    refuse('no path, as a word', withRule({ parts: '' })),
    refuse('a name that objects have anyway', withRule({ parts: 'constructor' })),
  ];
}
