import xar from '@comity/protocol/registries/samples/xar.json' with { type: 'json' };
import { expect, test } from 'vitest';

import { type BannerContext, banner, type Label, type StateCode, type StateId, schemeFrom } from './index.ts';

const scheme = schemeFrom(xar.scheme);
const XAR = 'aa'.repeat(32) as StateId;
const XBO = 'b0'.repeat(32) as StateId;
const XCA = 'ca'.repeat(32) as StateId;
const XZZ = 'ff'.repeat(32) as StateId;
const codes = new Map<StateId, StateCode>([
  [XAR, 'XAR' as StateCode],
  [XBO, 'XBO' as StateCode],
  [XCA, 'XCA' as StateCode],
]);
const context: BannerContext = { originator: 'XAR' as StateCode, codeOf: (state) => codes.get(state) };
const plain: Label = { scheme: 'xar-2021', classification: 'restricted' };

test('the marking of the field', () => {
  expect(banner({ ...plain, tlp: 'AMBER', releasableTo: [XBO] }, scheme, context)).toBe(
    'XAR RESTRICTED//REL TO XAR, XBO//TLP:AMBER',
  );
});

test('the originator comes first, the others in alphabetical order', () => {
  const label: Label = { ...plain, releasableTo: [XCA, XAR, XBO] };
  expect(banner(label, scheme, context)).toBe('XAR RESTRICTED//REL TO XAR, XBO, XCA');
  expect(banner(label, scheme, { ...context, originator: 'XCA' as StateCode })).toBe(
    'XCA RESTRICTED//REL TO XCA, XAR, XBO',
  );
});

test('a label without recipients says so', () => {
  expect(banner(plain, scheme, context)).toBe('XAR RESTRICTED//XAR EYES ONLY');
  expect(banner({ ...plain, releasableTo: [XAR] }, scheme, context)).toBe('XAR RESTRICTED//XAR EYES ONLY');
});

test('showing is marked apart from handing over', () => {
  expect(banner({ ...plain, displayOnlyTo: [XCA] }, scheme, context)).toBe(
    'XAR RESTRICTED//DISPLAY ONLY XCA',
  );
  expect(banner({ ...plain, releasableTo: [XBO], displayOnlyTo: [XCA] }, scheme, context)).toBe(
    'XAR RESTRICTED//REL TO XAR, XBO//DISPLAY ONLY XCA',
  );
});

test('categories stand in the order of the scheme, PAP at the end', () => {
  const label: Label = {
    ...plain,
    classification: 'top-secret',
    categories: [
      { set: 'network', values: ['energy', 'csirt'] },
      { set: 'sensitivity', values: ['signals'] },
    ],
    tlp: 'AMBER+STRICT',
    pap: 'RED',
  };
  expect(banner(label, scheme, context)).toBe(
    'XAR TOP SECRET//SIGNALS//CSIRT NETWORK/ENERGY PARTNERS//XAR EYES ONLY//TLP:AMBER+STRICT//PAP:RED',
  );
});

test('names are given in the language of the reader, TLP is never translated', () => {
  const label: Label = { ...plain, releasableTo: [XBO], tlp: 'CLEAR' };
  expect(banner(label, scheme, { ...context, language: 'fr' })).toBe(
    'XAR DIFFUSION RESTREINTE//REL TO XAR, XBO//TLP:CLEAR',
  );
  expect(banner(label, scheme, { ...context, language: 'pt' })).toContain('XAR RESTRICTED//');
});

test('an unknown state is marked by its id, not left out', () => {
  expect(banner({ ...plain, releasableTo: [XZZ, XBO] }, scheme, context)).toBe(
    'XAR RESTRICTED//REL TO XAR, XBO, ffffffff',
  );
});

test('a label that the scheme does not explain gets no marking', () => {
  expect(() => banner({ ...plain, scheme: 'xbo-2014' }, scheme, context)).toThrow(
    expect.objectContaining({ code: 'label.wrong-scheme' }),
  );
  expect(() => banner({ ...plain, classification: 'open' }, scheme, context)).toThrow(
    expect.objectContaining({ code: 'label.unknown-classification' }),
  );
});
