import { type DocumentPath, type DocumentReader, shown } from './document-reader.ts';
import { BUILT_IN_PROFILES } from './minimisation.ts';
import { checkName } from './parse-name.ts';
import { checkPartPath } from './part-path.ts';
import type { PartPath, Profile } from './policy.ts';

/** Reads paths of parts. */
export function readPaths(reader: DocumentReader, value: unknown, path: DocumentPath): PartPath[] {
  return reader.texts(value, path, 'scalar-or-list').map(([text, at]) => {
    const checked = checkPartPath(text);
    if (checked !== 'known')
      reader.fault('policy.unknown-part', at, `expected ${checked.expected}, got "${shown(text)}"`);
    return text;
  });
}

/** Reads a declared profile. */
export function readProfile(
  reader: DocumentReader,
  name: string,
  value: unknown,
  path: DocumentPath,
): Profile | undefined {
  checkName(reader, name, path);
  if (BUILT_IN_PROFILES.has(name)) {
    reader.fault(
      'policy.reserved-profile',
      path,
      `"${name}" has one meaning everywhere; choose another name`,
    );
  }
  const profile = reader.mapping(value, path, { required: [], optional: ['keep', 'drop'] });
  if (profile === undefined) return undefined;
  if (Object.keys(value as object).length === 0)
    reader.fault('policy.missing-key', path, 'expected a key "keep" or "drop"');
  const keep = profile.keep === undefined ? undefined : readPaths(reader, profile.keep, [...path, 'keep']);
  const drop = profile.drop === undefined ? undefined : readPaths(reader, profile.drop, [...path, 'drop']);
  return { name, ...(keep && { keep }), ...(drop && { drop }) };
}

/** The profile that a rule names, declared or registered. */
export function profileNamed(
  reader: DocumentReader,
  value: unknown,
  path: DocumentPath,
  profiles: ReadonlyMap<string, Profile>,
): Profile | undefined {
  const name = reader.text(value, path);
  if (name === undefined) return undefined;
  return (
    profiles.get(name) ??
    BUILT_IN_PROFILES.get(name) ??
    reader.fault('policy.unknown-profile', path, `"${shown(name)}" is neither in this policy nor registered`)
  );
}
