import { compareBytes } from '@comity/digest';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';

import {
  issueKeyState,
  KeyDirectory,
  type KeyState,
  keyStateAge,
  MAX_KEY_STATE_SECONDS,
  newerKeyState,
  type VerifiedCharter,
  type VerifiedKeyCertificate,
  type VerifiedKeyState,
  verifyKeyState,
} from './index.ts';
import {
  arcadia,
  borealis,
  certificateFor,
  certify,
  charterOf,
  codeOf,
  DAY,
  faultsOf,
  START,
} from './sample.test-support.ts';

let charter: VerifiedCharter;
let record: VerifiedKeyCertificate;
let log: VerifiedKeyCertificate;

beforeAll(async () => {
  charter = await charterOf(arcadia);
  record = await certify(arcadia, charter, certificateFor(charter, 'record', 'record key'));
  log = await certify(arcadia, charter, certificateFor(charter, 'log', 'log key'));
});

const sorted = (...kids: readonly Uint8Array[]): Uint8Array[] => [...kids].sort(compareBytes);

function saying(changes: Partial<KeyState> = {}): KeyState {
  return {
    issuer: charter.state,
    charterDigest: charter.digest,
    version: 1,
    previous: null,
    live: sorted(record.kid, log.kid),
    superseded: [],
    revoked: [],
    issuedAtSeconds: START + 5 * DAY,
    expiresAtSeconds: START + 19 * DAY,
    ...changes,
  };
}

async function signed(changes: Partial<KeyState> = {}): Promise<VerifiedKeyState> {
  return verifyKeyState(await issueKeyState(saying(changes), charter, arcadia.rootSigners), charter);
}

async function knowing(changes: Partial<KeyState>): Promise<KeyDirectory> {
  const directory = new KeyDirectory();
  directory.add(charter, [record, log], { keyState: await signed(changes) });
  return directory;
}

test('a key state says of each key how it stands', async () => {
  const fromSeconds = START + 2 * DAY;
  const directory = await knowing({
    live: [],
    superseded: [{ kid: log.kid, fromSeconds }],
    revoked: [{ kid: record.kid, fromSeconds, reason: 'compromised' }],
  });
  expect(directory.standingOf(record.kid)).toEqual({
    standing: 'revoked',
    fromSeconds,
    reason: 'compromised',
  });
  expect(directory.standingOf(log.kid)).toEqual({ standing: 'superseded', fromSeconds });

  expect(directory.resolve(log.kid, 'log', fromSeconds - 1)).toBe(log);
  expect(codeOf(() => directory.resolve(log.kid, 'log', fromSeconds))).toBe('identity.key-superseded');

  const at = (trusted?: number) =>
    codeOf(() => directory.resolve(record.kid, 'record', START + DAY, undefined, trusted));
  expect(at()).toBe('identity.key-revoked');
  expect(at(fromSeconds)).toBe('identity.key-revoked');
  expect(at(fromSeconds - 1)).toBeUndefined();
  // No time at all is not a time before the theft.
  expect(at(Number.NaN)).toBe('identity.key-revoked');
});

test('a certified key that the state does not name counts for nothing', async () => {
  const directory = await knowing({ live: [log.kid] });
  expect(codeOf(() => directory.resolve(record.kid, 'record', START))).toBe('identity.key-not-listed');
  expect(directory.resolve(log.kid, 'log', START)).toBe(log);
});

test('a key whose certificate comes after the key state stands as that says', async () => {
  const directory = new KeyDirectory();
  directory.add(charter, [], { keyState: await signed({ live: [log.kid] }) });
  directory.add(charter, [record, log]);
  expect(directory.standingOf(record.kid)).toEqual({ standing: 'not-listed' });
  expect(directory.standingOf(log.kid)).toEqual({ standing: 'live' });
});

test('a directory goes on only to what does not take back', async () => {
  const revoked = [{ kid: record.kid, fromSeconds: START, reason: 'lost' as const }];
  const first = await signed({ live: [log.kid], revoked });
  const directory = new KeyDirectory();
  directory.add(charter, [record, log], { keyState: first });
  const back = await signed({ version: 2, previous: first.digest });
  expect(codeOf(() => directory.add(charter, [], { keyState: back }))).toBe('identity.key-states-contradict');
  expect(directory.keyStateOf(charter.state)).toBe(first);
  const next = await signed({ version: 2, previous: first.digest, live: [log.kid], revoked });
  directory.add(charter, [], { keyState: next });
  directory.add(charter, [], { keyState: first });
  expect(directory.keyStateOf(charter.state)).toBe(next);
});

test('a key state is of the state that it is added with', async () => {
  const other = await charterOf(borealis);
  const keyState = await signed();
  expect(codeOf(() => new KeyDirectory().add(other, [], { keyState }))).toBe('identity.wrong-issuer');
});

test('what would be refused is not signed', async () => {
  const issue = (changes: Partial<KeyState>) => () =>
    issueKeyState(saying(changes), charter, arcadia.rootSigners);
  const root = { kid: charter.nextKeyDigests[0] as Uint8Array, fromSeconds: START };
  expect(await faultsOf(issue({ expiresAtSeconds: START + 5 * DAY + MAX_KEY_STATE_SECONDS + 1 }))).toEqual([
    'identity.key-state-term expiresAtSeconds',
  ]);
  expect(await faultsOf(issue({ superseded: [root] }))).toEqual(['identity.key-reused keys']);
  await expect(issue({ version: 2 })()).rejects.toThrow(expect.objectContaining({ code: 'cbor.shape' }));
  const fewer = issueKeyState(saying(), charter, arcadia.rootSigners.slice(0, 1));
  await expect(fewer).rejects.toThrow(expect.objectContaining({ code: 'cose.below-threshold' }));
});

test('its age is told, and that its end has come', () => {
  const keyState = saying();
  expect(keyStateAge(keyState, START)).toEqual({ ageSeconds: 0, isStale: false });
  expect(keyStateAge(keyState, keyState.expiresAtSeconds - 1).isStale).toBe(false);
  expect(keyStateAge(keyState, keyState.expiresAtSeconds)).toEqual({ ageSeconds: 14 * DAY, isStale: true });
  expect(keyStateAge(keyState, Number.NaN).isStale).toBe(true);
});

test('whatever histories of two keys there are, nothing that ended begins again', async () => {
  // Each step ends keys earlier or lets them be; the order in which a reader hears of them does not matter.
  const end = fc.option(fc.record({ day: fc.integer({ min: 0, max: 5 }), revoked: fc.boolean() }), {
    nil: undefined,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(end, end), { minLength: 1, maxLength: 4 }),
      fc.integer(),
      async (steps, seed) => {
        const states: VerifiedKeyState[] = [];
        const ends = new Map<Uint8Array, { day: number; revoked: boolean }>();
        for (const step of steps) {
          [record.kid, log.kid].forEach((kid, index) => {
            const asked = step[index];
            const known = ends.get(kid);
            if (asked === undefined) return;
            ends.set(kid, {
              day: Math.min(asked.day, known?.day ?? asked.day),
              revoked: asked.revoked || (known?.revoked ?? false),
            });
          });
          const kids = sorted(record.kid, log.kid);
          const listed = (isRevoked: boolean) =>
            kids.flatMap((kid) => {
              const found = ends.get(kid);
              return found?.revoked === isRevoked ? [{ kid, fromSeconds: START + found.day * DAY }] : [];
            });
          const previous = states.at(-1)?.digest ?? null;
          states.push(
            await signed({
              version: states.length + 1,
              previous,
              live: kids.filter((kid) => !ends.has(kid)),
              superseded: listed(false),
              revoked: listed(true).map((each) => ({ ...each, reason: 'withdrawn' as const })),
            }),
          );
        }
        const heard = states.toSorted((a, b) => ((a.version * seed) % 7) - ((b.version * seed) % 7));
        expect(heard.reduce(newerKeyState).version).toBe(states.length);
      },
    ),
    { numRuns: 25 },
  );
});
