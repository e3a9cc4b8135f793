import { signerFromSeed } from '@comity/ed25519';
import { isFault } from '@comity/fault';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { importMispEvent, type MispImport } from '../index.ts';
import { attribute, event, issuing, type Json, parse, unclassified, uuid } from './event.test-support.ts';

const issue = issuing(signerFromSeed(new Uint8Array(32).fill(7)));

function importOrFault(json: unknown): MispImport | undefined {
  try {
    return importMispEvent(json, { labelling: unclassified });
  } catch (thrown) {
    if (isFault(thrown)) return undefined;
    throw thrown;
  }
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('\ud800', '\u202e', '__proto__', 'constructor', '0', '1', '', 'tlp:red', uuid(1)),
);

/** JSON with the keys that an import looks at, so that it gets further than the door. */
const { value: likely } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    hostile,
    fc.integer(),
    fc.constantFrom(null, true, false, 1e300, -0, 0.5),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom(
        ...[
          'Event',
          'response',
          'uuid',
          'info',
          'date',
          'analysis',
          'threat_level_id',
          'Orgc',
          'Tag',
          'name',
        ],
        ...['Attribute', 'Object', 'type', 'value', 'comment', 'category', 'to_ids', 'timestamp', 'data'],
        ...[
          'deleted',
          'distribution',
          'object_relation',
          'Galaxy',
          'local',
          '__proto__',
          'toString',
          'hasOwnProperty',
        ],
      ),
      tie('value'),
      { maxKeys: 8 },
    ),
  ),
}));

test('arbitrary JSON is imported or refused with a fault', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), likely), (json) => {
      importOrFault(json);
    }),
    { numRuns: 1_000 },
  );
});

/** An attribute of which some keys hold something else than MISP has there. */
const strangeAttribute = fc
  .record(
    {
      uuid: fc.oneof(
        { weight: 8, arbitrary: fc.integer({ min: 1, max: 50 }).map(uuid) },
        { weight: 1, arbitrary: likely },
      ),
      type: fc.oneof(fc.constantFrom('md5', 'named pipe', 'ip-dst|port'), likely),
      value: fc.oneof(hostile, likely),
      category: likely,
      comment: likely,
      to_ids: likely,
      timestamp: likely,
      distribution: likely,
      Tag: fc.oneof(likely, fc.array(fc.record({ name: hostile }), { maxLength: 5 })),
      data: likely,
      object_relation: likely,
    },
    { requiredKeys: [] },
  )
  .map((changes) => attribute(1, changes as Json));

const strangeEvent = fc
  .record(
    {
      info: fc.oneof(hostile, fc.string({ unit: 'binary', minLength: 1 })),
      analysis: likely,
      date: likely,
      threat_level_id: likely,
      extends_uuid: likely,
      distribution: likely,
      Orgc: likely,
      Tag: fc.oneof(likely, fc.array(fc.record({ name: hostile }), { maxLength: 8 })),
      Attribute: fc.array(strangeAttribute, { maxLength: 8 }),
      Object: fc.oneof(
        likely,
        fc.array(
          fc.record({
            uuid: fc.oneof(fc.constant(uuid(7)), likely),
            name: likely,
            Attribute: fc.array(strangeAttribute),
          }),
          { maxLength: 3 },
        ),
      ),
    },
    { requiredKeys: [] },
  )
  .map((changes) => event(changes as Json));

test('what is imported can be issued, and says of each attribute where it is', async () => {
  await fc.assert(
    fc.asyncProperty(strangeEvent, async (json) => {
      const imported = importOrFault(json);
      // The only fault that such an event can have.
      if (imported === undefined) return;
      const ids = imported.drafts.flatMap(({ content }) => content.indicators?.map(({ id }) => id) ?? []);
      expect(new Set(ids).size).toBe(imported.attributes);
      for (const draft of imported.drafts) {
        parse(draft);
        await issue(draft);
      }
      const { Attribute } = (json as { Event: { Attribute: readonly Json[] } }).Event;
      for (const [index, each] of Attribute.entries()) {
        const lost = imported.losses.some(({ path }) => path.startsWith(`Event.Attribute[${index}]`));
        expect(lost || ids.includes(`${String(each.uuid)}`)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
}, 30_000);

test('any text can be a title and a comment', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      const Attribute = [attribute(1, { comment: text, category: text, Tag: [{ name: text }] })];
      const imported = importOrFault(event({ info: text, Attribute }));
      for (const draft of imported?.drafts ?? []) parse(draft);
    }),
  );
});

test('every character that a draft refuses in a title is replaced', () => {
  const block = 256;
  for (let start = 0; start < 0x10000; start += block) {
    // Not one after another, so that halves of characters stay halves.
    const characters = Array.from({ length: block }, (_, index) => String.fromCharCode(start + index));
    const imported = importOrFault(event({ info: characters.join(' ') }));
    expect(imported?.drafts.map((draft) => parse(draft).type)).toEqual(['incident']);
  }
});
