import { expect, test } from 'vitest';
import {
  type DocumentFault,
  DocumentFaults,
  describeDocumentFault,
  Fault,
  formatPath,
  isFault,
} from './index.ts';

const missing: DocumentFault = {
  code: 'fault.internal',
  path: ['content', 'parts', 2, 'value'],
  message: 'is missing',
};
const noHex: DocumentFault = { code: 'digest.bad-hex', path: [], message: 'is not hexadecimal' };

test('has the code of the first fault and keeps all of them', () => {
  const faults = new DocumentFaults([noHex, missing]);
  expect(faults).toBeInstanceOf(Fault);
  expect(faults.code).toBe('digest.bad-hex');
  expect(faults.message).toBe('(document): is not hexadecimal, and 1 more');
  expect(faults.faults).toEqual([noHex, missing]);
  expect(new DocumentFaults([missing]).message).toBe('content.parts[2].value: is missing');
});

test('is described with its place where that is known, and each thing once', () => {
  expect(describeDocumentFault(missing)).toBe('content.parts[2].value: is missing');
  const placed = { ...missing, place: 'draft.yaml:4:3' };
  expect(describeDocumentFault(placed)).toBe('draft.yaml:4:3: content.parts[2].value: is missing');
  expect(describeDocumentFault({ ...noHex, place: 'draft.yaml:1:1' })).toBe(
    'draft.yaml:1:1: is not hexadecimal',
  );
  expect(new DocumentFaults([placed, noHex]).message).toBe(
    'draft.yaml:4:3: content.parts[2].value: is missing, and 1 more',
  );
});

test('as JSON all faults are in it', () => {
  expect(JSON.parse(JSON.stringify(new DocumentFaults([noHex, missing], { file: 'draft' })))).toEqual({
    code: 'digest.bad-hex',
    message: '(document): is not hexadecimal, and 1 more',
    fields: { file: 'draft' },
    faults: [noHex, missing],
  });
});

test('the list is a frozen copy', () => {
  const list = [noHex];
  const faults = new DocumentFaults(list);
  list.push(missing);
  expect(faults.faults).toEqual([noHex]);
  expect(() => (faults.faults as DocumentFault[]).push(missing)).toThrow(TypeError);
});

test('without a fault there is nothing to refuse', () => {
  try {
    new DocumentFaults([]);
  } catch (thrown) {
    expect(isFault(thrown, 'fault.internal')).toBe(true);
    return;
  }
  expect.unreachable();
});

test.each<[readonly (string | number)[], string]>([
  [[], '(document)'],
  [['label'], 'label'],
  [['content', 'victim', 'name'], 'content.victim.name'],
  [['indicators', 3, 'to-ids'], 'indicators[3].to-ids'],
  [[0, 1], '[0][1]'],
  [['labels', 'victim.name'], 'labels["victim.name"]'],
  [['rules', ''], 'rules[""]'],
  [['a\nb'], '["a\\nb"]'],
])('a path as people write it: %j', (path, text) => {
  expect(formatPath(path)).toBe(text);
});
