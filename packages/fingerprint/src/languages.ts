import english from '@comity/protocol/registries/words/english.json' with { type: 'json' };
import french from '@comity/protocol/registries/words/french.json' with { type: 'json' };
import chinese from '@comity/protocol/registries/words/simplified-chinese.json' with { type: 'json' };
import spanish from '@comity/protocol/registries/words/spanish.json' with { type: 'json' };
import { bareText } from './bare-text.ts';

/** Languages that have a list of words, by their tags. */
export const FINGERPRINT_LANGUAGES = ['en', 'fr', 'es', 'zh'] as const;
export type FingerprintLanguage = (typeof FINGERPRINT_LANGUAGES)[number];

/** 2,048 words each; the place of a word is what it stands for. */
export const WORDS: Readonly<Record<FingerprintLanguage, readonly string[]>> = {
  en: english.words,
  fr: french.words,
  es: spanish.words,
  zh: chinese.words,
};

/** The same lists the other way round, of words without accents. Made when the first words are read. */
export function numbersOf(language: FingerprintLanguage): ReadonlyMap<string, number> {
  let numbers = known.get(language);
  if (numbers === undefined) {
    numbers = new Map(WORDS[language].map((word, place) => [bareText(word), place]));
    known.set(language, numbers);
  }
  return numbers;
}

const known = new Map<FingerprintLanguage, ReadonlyMap<string, number>>();
