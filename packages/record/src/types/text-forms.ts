import { type CborValue, text } from '@comity/cbor';
import { isFault } from '@comity/fault';
import { textMapShape } from '@comity/label';
import { type DraftFaults, type DraftPath, isPlainMap } from '../draft-faults.ts';
import { isMisleading, isOneLine } from '../misleading-text.ts';
import { plainForm, type ValueForm } from './form.ts';

const MAX_TEXT_BYTES = 16_384;
const LINE_BREAKS = /\r\n?/g;

/** A text that is shown, in one line. Lengths are bytes of UTF-8. */
export function line(maxBytes: number): ValueForm {
  return shown(maxBytes, false);
}

/** A text that is shown, in several lines. */
export function prose(maxBytes: number = MAX_TEXT_BYTES): ValueForm {
  return shown(maxBytes, true);
}

function shown(maxBytes: number, breaksLine: boolean): ValueForm {
  const shape = text({ maxBytes, minBytes: 1, display: true });
  return {
    expected: `${breaksLine ? 'text' : 'a line of text'} of 1 to ${maxBytes} bytes`,
    read: (value, at, faults) => readShown(value, maxBytes, breaksLine, at, faults),
    accepts: (value) =>
      fits(() => shape.decode(value)) &&
      !isMisleading(value as string) &&
      (breaksLine || isOneLine(value as string)),
  };
}

/** A text that is compared or matched, exactly as it is: any characters, since an indicator may be a hostile file name. */
export function verbatim(maxBytes: number = MAX_TEXT_BYTES): ValueForm {
  const shape = text({ maxBytes, minBytes: 1 });
  return plainForm(
    `text of 1 to ${maxBytes} bytes`,
    (value): value is string =>
      typeof value === 'string' && value.isWellFormed() && fits(() => shape.decode(value)),
  );
}

/** A name that is compared: ASCII without spaces, so that no two spellings look alike. */
export function identifier(maxBytes = 128): ValueForm {
  const shape = text({ maxBytes, minBytes: 1, pattern: /^[A-Za-z0-9][A-Za-z0-9._:|/+-]*$/ });
  return plainForm(
    `an identifier of 1 to ${maxBytes} letters, digits and . _ : | / + -`,
    (value): value is string => fits(() => shape.decode(value as CborValue)),
  );
}

/** A country or area as in ISO 3166-1 alpha-3. */
export const country: ValueForm = plainForm(
  'three capital letters',
  (value): value is string => typeof value === 'string' && /^[A-Z]{3}$/.test(value),
);

/** A BCP 47 language tag. */
export const languageTag: ValueForm = plainForm(
  'a language tag such as en, zh-Hans or pt-BR',
  (value): value is string => typeof value === 'string' && isLanguageTag(value),
);

function isLanguageTag(tag: string): boolean {
  return fits(() => textMapShape.encode(new Map([[tag, 'x']])));
}

/** A text for people: BCP 47 language tag to text. */
export const textMap: ValueForm = {
  expected: 'a map from language tag to text',
  read(value, at, faults) {
    if (!isPlainMap(value) || Object.keys(value).length === 0) {
      return faults.add('record.bad-value', at, 'expected a map from language tag to text, such as {en: …}');
    }
    const before = faults.count;
    const texts = new Map<string, string>();
    for (const [tag, written] of Object.entries(value)) {
      if (!isLanguageTag(tag)) {
        faults.add(
          'record.bad-language-tag',
          [...at, tag],
          'expected a language tag such as en, zh-Hans or pt-BR',
        );
        continue;
      }
      const read = readShown(written, MAX_TEXT_BYTES, true, [...at, tag], faults);
      if (read !== undefined) texts.set(tag, read);
    }
    if (faults.count > before) return undefined;
    if (fits(() => textMapShape.encode(texts))) return texts;
    return faults.add('record.bad-value', at, 'expected a map from language tag to text in fewer languages');
  },
  write: (value) => Object.fromEntries(value as Map<string, string>),
  accepts: (value) =>
    fits(() => textMapShape.decode(value)) &&
    [...(value as Map<string, string>).values()].every((each) => each !== '' && !isMisleading(each)),
};

function readShown(
  value: unknown,
  maxBytes: number,
  breaksLine: boolean,
  at: DraftPath,
  faults: DraftFaults,
): string | undefined {
  if (typeof value !== 'string' || value.length === 0)
    return faults.add('record.bad-value', at, 'expected text');
  if (!value.isWellFormed())
    return faults.add('record.misleading-text', at, 'expected whole Unicode characters');
  // Line breaks of other systems are no control characters that somebody has hidden.
  const normalised = breaksLine ? value.replace(LINE_BREAKS, '\n') : value;
  if (isMisleading(normalised)) {
    return faults.add(
      'record.misleading-text',
      at,
      'expected no control characters and no bidirectional overrides',
    );
  }
  if (!breaksLine && !isOneLine(normalised)) return faults.add('record.bad-value', at, 'expected one line');
  const shape = text({ maxBytes, minBytes: 1 });
  if (!fits(() => shape.encode(normalised))) {
    return faults.add('record.text-too-long', at, `expected at most ${maxBytes} bytes`);
  }
  return normalised;
}

function fits(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch (thrown) {
    if (isFault(thrown)) return false;
    throw thrown;
  }
}
