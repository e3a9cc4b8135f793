export { safeText } from '@comity/verifier';

/** Shortens to a number of characters with an ellipsis; never splits a surrogate pair. */
export function shorten(text: string, maxCharacters: number): string {
  const characters = [...text];
  return characters.length <= maxCharacters ? text : `${characters.slice(0, maxCharacters - 1).join('')}…`;
}
