import { type DocumentPath, type DocumentReader, shown } from './document-reader.ts';

/** Names of groups, profiles and rules. Codes of states are in capitals, so a name never looks like one. */
const NAME = /^[a-z][a-z0-9-]{0,63}$/;

export function checkName(reader: DocumentReader, name: string, path: DocumentPath): void {
  if (name.length > 64 || !NAME.test(name)) {
    reader.fault(
      'policy.bad-name',
      path,
      `expected 1 to 64 lower-case letters, digits and hyphens, got "${shown(name)}"`,
    );
  }
}
