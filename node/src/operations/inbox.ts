import { z } from 'zod';
import { operation } from '../control/operation.ts';
import { dropLetter, listInbox, takeLetter, undeliverableLetters } from '../letters/inbox.ts';
import type { Sovereign } from '../sovereign.ts';
import { bytesOf, officerId, signedAct, stateCode, timestamp } from './shapes.ts';

const letterId = z.string().regex(/^[0-9a-f]{64}$/, 'expected the whole id of a letter');

export const inboxLetter = z.object({
  letter: z.string().describe('SHA-256 of the letter as sealed, in hexadecimal'),
  from: z.string().describe('code of the state that wrote it, or its id'),
  writtenAt: timestamp.describe('by the clock of the state that wrote it'),
  receivedAt: timestamp,
  size: z.int().describe('how much it can say at most, in bytes: one of six sizes'),
  openedAt: timestamp.nullable().describe('when it was last given out to be opened'),
});
export type InboxLetter = z.infer<typeof inboxLetter>;

export const inboxList = operation({
  name: 'inbox.list',
  summary: 'letters to an officer of this state; who wrote them and when, nothing of what they say',
  needs: 'home',
  args: z.strictObject({ officer: officerId }),
  result: z.object({ officer: z.string(), letters: z.array(inboxLetter) }),
  run: async (sovereign: Sovereign, { officer }) => ({
    officer,
    letters: await listInbox(sovereign, officer),
  }),
});

export const inboxUndeliverable = operation({
  name: 'inbox.undeliverable',
  summary: 'letters to officers that this state does not have, or no longer: nobody can open them here',
  needs: 'home',
  args: z.strictObject({}),
  result: z.object({ letters: z.array(inboxLetter.extend({ officer: z.string() })) }),
  run: async (sovereign: Sovereign) => ({ letters: await undeliverableLetters(sovereign) }),
});

const base64 = z.string();

export const inboxTake = operation({
  name: 'inbox.take',
  summary: 'gives a letter out as it is sealed, with what verifies the record in it; the node cannot open it',
  needs: 'home',
  args: z.strictObject({ officer: officerId, letter: letterId, act: signedAct }),
  result: z.object({
    letter: inboxLetter,
    sealed: base64.describe('the letter, base64'),
    sender: z.string().describe('id of the state that wrote it'),
    recipient: z.string().describe('id of this state'),
    charters: z.array(base64).describe('of the state that wrote it, from the first on, base64'),
    certificates: z.array(base64),
    keyState: base64.nullable().describe('which of its keys count; null where it has shown none'),
    codes: z.array(z.object({ state: z.string(), code: stateCode })).describe('how states are called here'),
  }),
  run: async (sovereign: Sovereign, { act, ...asked }) => {
    const { sealed, charters, certificates, keyState, codes, ...taken } = await takeLetter(sovereign, {
      ...asked,
      act: bytesOf(act),
    });
    return {
      ...taken,
      recipient: sovereign.self.state,
      sealed: inBase64(sealed),
      charters: charters.map(inBase64),
      certificates: certificates.map(inBase64),
      keyState: keyState === undefined ? null : inBase64(keyState),
      codes: [...codes],
    };
  },
});

export const inboxDrop = operation({
  name: 'inbox.drop',
  summary:
    'destroys a letter for the officer that it is to, or for another where he is none; it does not come again',
  needs: 'home',
  args: z.strictObject({
    officer: officerId.describe('whom it is for'),
    letter: letterId,
    act: signedAct,
  }),
  result: z.object({ officer: z.string(), dropped: inboxLetter }),
  run: async (sovereign: Sovereign, { act, ...asked }) => ({
    officer: asked.officer,
    dropped: await dropLetter(sovereign, { ...asked, act: bytesOf(act) }),
  }),
});

function inBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
