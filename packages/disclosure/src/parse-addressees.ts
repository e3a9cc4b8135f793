import { isStateCode, type StateCode, type StateId } from '@comity/label';
import { parseTimeText } from '@comity/record';

import { type DocumentPath, type DocumentReader, shown } from './document-reader.ts';
import { type Addressees, ALWAYS, type GroupMember, type Period } from './policy.ts';

/** What a policy is read with: the states this node knows by code. */
export interface PolicyContext {
  readonly stateOf: (code: StateCode) => StateId | undefined;
}

/** What `to` can name. */
export interface Nameable {
  readonly groups: ReadonlyMap<string, readonly GroupMember[]>;
  readonly context: PolicyContext;
}

/** Reads the members of a group: codes, or mappings with a code and the time in which the state is in the group. */
export function readGroup(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  context: PolicyContext,
): GroupMember[] {
  const members: GroupMember[] = [];
  for (const [entry, at] of reader.list(value, path)) {
    const [code, codeAt, period] =
      typeof entry === 'string' ? [entry, at, ALWAYS] : readMember(reader, entry, at);
    if (code === undefined) continue;
    // A state is in a group once: in a second period it would be one with another group.
    if (members.some((earlier) => earlier.code === code)) {
      reader.fault('policy.duplicate-entry', codeAt, `"${shown(code)}" stands in the list twice`);
      continue;
    }
    stateNamed(reader, code, codeAt, context);
    members.push({ code: code as StateCode, ...period });
  }
  return members;
}

function readMember(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
): [code: string | undefined, path: DocumentPath, period: Period] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    reader.fault('policy.wrong-type', path, 'expected a state code, or a mapping with a key "state"');
    return [undefined, path, ALWAYS];
  }
  const keys = { required: ['state'], optional: ['from', 'until'] } as const;
  const { state, from, until } = reader.mapping(value, path, keys) ?? {};
  if (from === undefined && until === undefined) {
    reader.fault(
      'policy.missing-key',
      path,
      'expected a key "from" or "until"; a state without them is its code',
    );
  }
  const fromSeconds = from === undefined ? ALWAYS.fromSeconds : readTime(reader, from, [...path, 'from']);
  const untilSeconds =
    until === undefined ? ALWAYS.untilSeconds : readTime(reader, until, [...path, 'until']);
  if (fromSeconds !== undefined && untilSeconds !== undefined && untilSeconds <= fromSeconds)
    reader.fault('policy.bad-time', [...path, 'until'], 'expected a time after "from"');
  const stateAt = [...path, 'state'];
  return [
    state === undefined ? undefined : reader.text(state, stateAt),
    stateAt,
    {
      fromSeconds: fromSeconds ?? ALWAYS.fromSeconds,
      untilSeconds: untilSeconds ?? ALWAYS.untilSeconds,
    },
  ];
}

const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

function readTime(reader: DocumentReader, value: unknown, path: DocumentPath): number | undefined {
  const text = reader.text(value, path);
  if (text === undefined) return undefined;
  const isDate = text.length === 10 && DATE.test(text);
  return (
    parseTimeText(isDate ? `${text}T00:00:00Z` : text) ??
    reader.fault(
      'policy.bad-time',
      path,
      `expected a time such as 2026-01-31T12:00:00Z, or a date such as 2026-01-31, got "${shown(text)}"`,
    )
  );
}

/** Reads `to`: codes and groups. */
export function readAddressees(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  { groups, context }: Nameable,
): Addressees {
  const to = reader.texts(value, path, 'scalar-or-list');
  const states = new Map<StateId, Period[]>();
  const add = (state: StateId | undefined, { fromSeconds, untilSeconds }: Period): void => {
    if (state !== undefined) states.set(state, [...(states.get(state) ?? []), { fromSeconds, untilSeconds }]);
  };
  for (const [name, at] of to) {
    const group = groups.get(name);
    if (group === undefined) add(stateNamed(reader, name, at, context), ALWAYS);
    else for (const member of group) add(knownState(member.code, context), member);
  }
  return { to: to.map(([name]) => name), states };
}

function knownState(code: string, { stateOf }: PolicyContext): StateId | undefined {
  return isStateCode(code) ? stateOf(code) : undefined;
}

// A code nobody knows is a mistake, not a state without records: a forbidding rule with it would never fire.
function stateNamed(
  reader: DocumentReader,
  code: string,
  path: DocumentPath,
  context: PolicyContext,
): StateId | undefined {
  if (!isStateCode(code)) {
    const expected = path[0] === 'groups' ? 'a state code' : 'a state code or a group of this policy';
    return reader.fault('policy.unknown-recipient', path, `expected ${expected}, got "${shown(code)}"`);
  }
  return (
    context.stateOf(code) ??
    reader.fault('policy.unknown-state', path, `no state with the code ${code} is known here`)
  );
}
