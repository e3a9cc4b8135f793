import { sha256Hex } from '@comity/digest';
import type { StateId } from '@comity/label';
import type { RecordId } from '@comity/record';
import { type SentLetterRow, TABLES, WriteSet } from '@comity/store';
import { expect, test } from 'vitest';
import { ScratchNode } from '../scratch-node.test-support.ts';
import { lettersAbout } from './sent-letters.ts';

const idOf = (name: string): string => sha256Hex(new TextEncoder().encode(name));

test('letters about a record are found among more than a page of others, the oldest first', async () => {
  await using node = await ScratchNode.found([]);
  const { store } = node.sovereign;
  const row: SentLetterRow = {
    peer: idOf('peer') as StateId,
    officer: 'anna',
    kid: idOf('key'),
    record: idOf('record') as RecordId,
    digests: [idOf('part')],
    purpose: 'incident-response',
    atSeconds: 0,
  };
  const count = 1_203;
  const set = new WriteSet();
  const wanted: string[] = [];
  for (let place = 0; place < count; place += 1) {
    const isWanted = place % 100 === 0;
    const record = isWanted ? row.record : (idOf(`other ${place}`) as RecordId);
    const id = idOf(`letter ${place}`);
    set.put(TABLES.sentLetters, [id], { ...row, record, atSeconds: count - place });
    if (isWanted) wanted.unshift(id);
  }
  await store.commit(set);
  const found = await lettersAbout(store, row.record);
  expect(found.map(({ id }) => id)).toEqual(wanted);
  expect(await lettersAbout(store, row.record, new Set([idOf('part')]))).toEqual(found);
  expect(await lettersAbout(store, row.record, new Set([idOf('another part')]))).toEqual([]);
});
