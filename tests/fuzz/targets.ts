// What takes foreign bytes: every operation of the protocol, and the files of other formats that people bring in.

import { readdirSync, readFileSync } from 'node:fs';
import { perform } from '@comity/conformance';
import { importMispEvent, type Labelling } from '@comity/interop';
import { type DraftContext, parseDraft } from '@comity/record';
import {
  SAMPLE_START_SECONDS,
  sampleCommitmentDraft,
  sampleIncidentDraft,
  sampleNormDraft,
  sampleStates,
} from '@comity/testkit';
import type { Request } from '../conformance/driver-process.ts';
import { type Corpus, corpusOf } from '../conformance/mutation/bend-input.ts';
import { vectorFiles } from '../conformance/vector-files.ts';
import type { Json } from '../conformance/vectors/vector.ts';

type Members = { readonly [name: string]: Json };

export interface Targets {
  /** Known inputs of each target, from which others are made. */
  readonly corpus: Corpus;
  /** Throws what the target throws: a Fault, or else there is something to find. */
  run(request: Request): Promise<void>;
}

const CORPUS = new URL('./corpus/', import.meta.url);
const SAMPLES = new URL('../../node/samples/misp-osint/', import.meta.url);
/** Attributes of an event that are kept: more of the same kind would only take time. */
const MISP_ATTRIBUTES = 12;
const LABELLING: Labelling = { label: { classification: 'unclassified' } };

export async function fuzzTargets(): Promise<Targets> {
  const context = await draftContext();
  const files: { readonly [op: string]: (members: Members) => void } = {
    'misp.import': ({ event }) => {
      importMispEvent(event, { labelling: LABELLING });
    },
    'record.draft': ({ draft }) => {
      parseDraft(draft, context);
    },
  };
  const corpus = new Map<string, { [name: string]: Json }[]>(
    [...corpusOf(vectorFiles())].map(([op, inputs]) => [op, [...inputs]]),
  );
  corpus.set(
    'misp.import',
    mispEvents().map((event) => ({ event })),
  );
  const drafts = [sampleIncidentDraft(), sampleNormDraft(), sampleCommitmentDraft()];
  corpus.set(
    'record.draft',
    drafts.map((draft) => ({ draft: draft as unknown as Json })),
  );
  for (const { op, in: members } of pastFindings()) corpus.get(op)?.push({ ...members });
  return {
    corpus,
    run: async (request) => {
      const file = files[request.op];
      if (file === undefined) await perform(request.op, request.in);
      else file(request.in);
    },
  };
}

/** Inputs that were found once, kept so that they are never found again. */
export function pastFindings(): readonly Request[] {
  return readdirSync(CORPUS)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name): Request[] => JSON.parse(readFileSync(new URL(name, CORPUS), 'utf8')));
}

function mispEvents(): Json[] {
  return readdirSync(SAMPLES)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const { Event: event, ...rest } = JSON.parse(readFileSync(new URL(name, SAMPLES), 'utf8'));
      return {
        ...rest,
        Event: {
          ...event,
          Attribute: (event.Attribute ?? []).slice(0, MISP_ATTRIBUTES),
          Object: (event.Object ?? []).slice(0, 2),
        },
      };
    });
}

async function draftContext(): Promise<DraftContext> {
  const states = await sampleStates();
  return {
    scheme: states.arcadia.scheme,
    atSeconds: SAMPLE_START_SECONDS,
    stateOf: states.stateOf,
    normKindOf: () => 'voluntary',
  };
}
