export { type BannerContext, banner } from './banner.ts';
export { checkLabel } from './check-label.ts';
export { checkScheme, nameFaults, schemeFaults } from './check-scheme.ts';
export { type Combination, combine } from './combine.ts';
export { dominates } from './dominates.ts';
export { effectiveLabel, successionsOf } from './effective.ts';
export { checkLevelMap, type LevelMap, levelMapShape, mapLevel } from './equivalence.ts';
export { type Label, type LabelCategories, labelShape, MAX_SUCCESSIONS, type Succession } from './label.ts';
export { isPap, PAP, type Pap, type PapActions, type PapEntry, papRank } from './pap.ts';
export { type PlainScheme, type PlainTextMap, schemeFrom, textMapFrom } from './plain-scheme.ts';
export { PURPOSES, type PurposeEntry } from './purpose.ts';
export {
  type Category,
  type CategorySet,
  type ClassificationScheme,
  type Level,
  levelOf,
  rankOf,
  schemeShape,
} from './scheme.ts';
export { assertStateCode, isStateCode, type StateCode, stateCodeShape } from './state-code.ts';
export { assertStateId, isStateId, type StateId, stateIdShape } from './state-id.ts';
export { type TextMap, textIn, textMapShape } from './text-map.ts';
export { isTlp, TLP, type Tlp, type TlpAudience, type TlpEntry, tlpRank } from './tlp.ts';
