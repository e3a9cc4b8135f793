export type { Indicator, ObjectReference } from './misp/attribute.ts';
export { MAX_ATTRIBUTES, type Source } from './misp/event.ts';
export {
  importMispEvent,
  type MispImport,
  type MispImportOptions,
  type PlainDraft,
} from './misp/import-misp-event.ts';
export type { Labelling } from './misp/labelling.ts';
export { explainLoss, type Loss, type LossReason } from './misp/loss.ts';
export type { Classification } from './misp/mapping.ts';
export type { Marking } from './misp/marking.ts';
export type { Technique } from './misp/tags.ts';
