export {
  type Audience,
  type CodeEntry,
  codes,
  explainCode,
  type FaultCode,
  isFaultCode,
  mayBeTold,
} from './codes.ts';
export {
  type DocumentFault,
  DocumentFaults,
  type DocumentFaultsJson,
  describeDocumentFault,
  formatPath,
} from './document.ts';
export { Fault, type FaultField, type FaultJson, isFault } from './fault.ts';
