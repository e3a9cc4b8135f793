/**
 * Text that came from a peer or a file may hold escape sequences, line breaks or bidirectional overrides that would let it
 * pose as something else on a terminal or a page. Everything of that kind is shown as a visible escape.
 */
export function safeText(text: string): string {
  // C0, DEL, C1, bidi marks/embeddings/overrides/isolates, line and paragraph separators, zero-width and BOM.
  return text.replace(/[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
