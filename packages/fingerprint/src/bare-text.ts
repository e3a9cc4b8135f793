/**
 * A text without what people leave out or put in when they write down what they hear: accents, capitals, wide or Arabic-Indic
 * digits, marks of direction (protocol/recognition.md 2.5).
 */
export function bareText(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Cf}]/gu, '')
    .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replaceAll(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf));
}
