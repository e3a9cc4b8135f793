import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyHeld } from '../records/verify.ts';
import { ScratchNode } from '../scratch-node.test-support.ts';
import type { Session } from './session.ts';
import { addStateCommands } from './state.ts';

let node: ScratchNode;
let folder: string;
beforeEach(async () => {
  node = await ScratchNode.found([]);
  folder = await mkdtemp(join(tmpdir(), 'comity-delegate-'));
});
afterEach(async () => {
  await node[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);

/** A command as a person gives it: what it prints for people, and for programs. */
async function state(...words: string[]): Promise<{ text: string; json: Record<string, unknown> }> {
  let told: { text: string; json: Record<string, unknown> } | undefined;
  const session: Session = {
    home: node.home,
    json: false,
    print: (json, human) => {
      told = { text: human(json), json: json as Record<string, unknown> };
    },
    note: () => {},
    progress: () => {},
    call: async (operation, args) => {
      const { signal } = new AbortController();
      const done = await operation.run(node.sovereign, operation.args.parse(args), () => {}, signal);
      return operation.result.parse(done);
    },
  };
  const program = new Command('comity').exitOverride();
  addStateCommands(program, () => session);
  await program.parseAsync(['state', ...words], { from: 'user' });
  if (told === undefined) throw new Error(`${words.join(' ')}: nothing was printed`);
  return told;
}

/** A ceremony of the one root key, from the proposal to the card in force. */
async function ceremony(name: string, ...propose: string[]): Promise<void> {
  const dir = at(name);
  await state(...propose, '--card', node.home.card, '--dir', dir);
  await state('sign', '--dir', dir, '--root-key', join(node.home.keys, 'root-1.key'), '--yes');
  await state('combine', '--dir', dir, '-o', join(dir, 'new.card'));
  await state('apply', join(dir, 'new.card'), '--yes');
}

async function issued(classification: string): Promise<string> {
  const [id] = await node.issue({
    type: 'incident',
    label: { classification },
    content: { title: { en: 'By a ministry' }, stage: 'final' },
  });
  return id ?? '';
}

async function judged(id: string): Promise<{ verdict: string; code: string | null; details: string }> {
  const { verdict, steps } = await verifyHeld(node.sovereign, id);
  const details = steps.map(({ detail }) => detail).join('\n');
  return { verdict, code: steps.find(({ result }) => result === 'failed')?.code ?? null, details };
}

test('a ministry certifies the record key of the node without the root keys, within its limits, and is revoked', async () => {
  const key = at('ministry.key');
  const { card } = node.home;
  const asked = await state(
    'delegate',
    'request',
    '--card',
    card,
    '--key',
    key,
    '-o',
    at('ministry.request'),
  );
  const keyId = String(asked.json.keyId);
  await ceremony(
    'ministry',
    ...['certify', '--request', at('ministry.request'), '--subject', 'Ministry of Health'],
    ...['--types', 'incident', '--max', 'restricted'],
  );

  await state('request', '--usage', 'record', '-o', at('office.request'));
  const certify = ['delegate', 'certify', '--card', card, '--key', key, '--request', at('office.request')];
  await expect(state(...certify, '--max', 'secret', '-o', at('none.card'), '--yes')).rejects.toMatchObject({
    faults: [{ code: 'identity.delegation-wider' }],
  });
  expect((await state(...certify, '--dry-run', '-o', at('none.card'))).json.file).toBeNull();
  await state(...certify, '--days', '30', '-o', at('office.card'), '--yes');
  const applied = await state('apply', at('office.card'), '--yes');
  expect(applied.json).toMatchObject({ newKeys: ['record'] });
  const { text } = await state('show');
  expect(text).toMatch(/^delegate +[0-9a-f]{16} .* live +Ministry of Health +incident; up to restricted$/m);
  expect(text).toMatch(/^ {2}record +[0-9a-f]{16} .* live +Ministry of Health +incident; up to restricted$/m);

  const id = await issued('restricted');
  const told = await judged(id);
  expect(told).toMatchObject({ verdict: 'VALID', code: null });
  expect(told.details).toContain(`delegated by Ministry of Health (key ${keyId.slice(0, 16)})`);
  // What the ministry was not given, the node does not sign.
  await expect(issued('secret')).rejects.toMatchObject({ code: 'record.classification-out-of-scope' });

  // A key by the root keys takes its place, and the ministry is revoked from before it signed anything.
  await state('request', '--usage', 'record', '-o', at('direct.request'));
  await ceremony('direct', 'certify', '--request', at('direct.request'));
  await ceremony(
    'ended',
    ...['revoke', '--key', keyId.slice(0, 16), '--from', '2026-01-01', '--reason', 'compromised'],
  );
  expect(await judged(id)).toMatchObject({ verdict: 'INVALID', code: 'identity.delegator-revoked' });
  expect((await state('show')).text).toMatch(/^ {2}record +[0-9a-f]{16} .* revoked +Ministry of Health/m);
  expect(await judged(await issued('secret'))).toMatchObject({ verdict: 'VALID' });
});
