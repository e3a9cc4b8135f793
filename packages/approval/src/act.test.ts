import { beforeAll, describe, expect, test } from 'vitest';
import { type Act, signAct, takeAct, verifyAct, verifyStateAct } from './act.ts';
import { type Arcadia, DAY, enrol, foundArcadia, hashOf, START, signerOf } from './arcadia.test-support.ts';
import { OfficerDirectory } from './officer-directory.ts';

let arcadia: Arcadia;
let officers: OfficerDirectory;
const NOW = START + DAY;

beforeAll(async () => {
  arcadia = await foundArcadia();
  officers = new OfficerDirectory(arcadia.state);
  officers.add(await enrol(arcadia, 'anna'));
  officers.add(await enrol(arcadia, 'ben'), NOW - 10);
});

const about = { act: 'record.claim', subject: hashOf('record') };
const signed = (change: Partial<Act> = {}, key = 'anna'): Promise<Uint8Array> =>
  signAct({ state: arcadia.state, officer: 'anna', ...about, atSeconds: NOW, ...change }, signerOf(key));
const refusal = async (act: Promise<Uint8Array>, atSeconds = NOW): Promise<string> => {
  const bytes = await act;
  try {
    takeAct(bytes, officers, about, atSeconds);
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('an act', () => {
  test('says who did what to what, and when', async () => {
    const bytes = await signed();
    expect(takeAct(bytes, officers, about, NOW + 300)).toMatchObject({ officer: 'anna', ...about });
    expect(verifyAct(bytes, officers, about).bytes).toBe(bytes);
  });

  test('counts when it is handed in for five minutes, and kept for ever', async () => {
    expect(await refusal(signed(), NOW + 301)).toBe('act.not-now');
    expect(await refusal(signed(), NOW - 301)).toBe('act.not-now');
    expect(await refusal(signed(), Number.NaN)).toBe('act.not-now');
    expect(verifyAct(await signed(), officers, about).officer).toBe('anna');
  });

  test.each<[string, Partial<Act>, string, string]>([
    ['of another operation', { act: 'officer.enrol' }, 'anna', 'act.wrong-subject'],
    ['about something else', { subject: hashOf('another') }, 'anna', 'act.wrong-subject'],
    ["by a key that is nobody's", {}, 'nobody', 'approval.unknown-officer'],
    ['in the name of another', { officer: 'ben' }, 'anna', 'approval.wrong-officer'],
    ['by an officer who is none any more', { officer: 'ben' }, 'ben', 'officer.ended'],
    ['dated back by one', { officer: 'ben', atSeconds: NOW - 11 }, 'ben', 'officer.ended'],
  ])('is refused %s', async (_, change, key, code) => {
    expect(await refusal(signed(change, key))).toBe(code);
  });

  test('is refused in the name of the state', async () => {
    const act = { state: arcadia.state, ...about, atSeconds: NOW };
    expect(await refusal(signAct(act, signerOf('anna')))).toBe('approval.wrong-officer');
  });

  test('is refused where it was changed, and where it is another document', async () => {
    const bytes = await signed();
    const changed = bytes.slice();
    changed[changed.length - 1] = (changed.at(-1) as number) ^ 1;
    expect(await refusal(Promise.resolve(changed))).toBe('ed25519.bad-signature');
    const { bytes: certificate } = await enrol(arcadia, 'anna');
    expect(await refusal(Promise.resolve(certificate))).toBe('act.wrong-document');
  });
});

test('an act of the state is signed with its record key, and names no officer', async () => {
  const { state, directory, recordSigner, logSigner } = arcadia;
  const expected = { ...about, state };
  const act = { state, ...about, atSeconds: NOW };
  const verify = async (change: Partial<Act> = {}, signer = recordSigner): Promise<unknown> =>
    verifyStateAct(await signAct({ ...act, ...change }, signer), directory, expected);
  expect(await verify()).toEqual(act);
  await expect(verify({ officer: 'anna' })).rejects.toMatchObject({ code: 'act.wrong-subject' });
  await expect(verify({ subject: hashOf('x') })).rejects.toMatchObject({ code: 'act.wrong-subject' });
  await expect(verify({}, logSigner)).rejects.toMatchObject({ code: 'identity.wrong-usage' });
  await expect(verify({}, signerOf('anna'))).rejects.toMatchObject({ code: 'identity.unknown-key' });
});
