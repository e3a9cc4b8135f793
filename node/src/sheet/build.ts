import { createHash } from 'node:crypto';
import { fingerprintDigits, fingerprintWords, shortFingerprint } from '@comity/fingerprint';
import type { VerifiedStateCard } from '@comity/identity';
import { fingerprintForms } from '../peers/fingerprint-forms.ts';
import { qrModules } from './qr.ts';
import { SHEET_STYLE } from './style.ts';
import { SHEET_WORDINGS, type SheetLanguage } from './wording.ts';

/**
 * The sheet that an officer has before him, or hands over, in a ceremony of recognition: the fingerprint of a state in every
 * form, how to compare it, and lines for what was compared. One HTML file without a script, to which everything but its own
 * style is forbidden; it prints on one page.
 *
 * @param madeAt as the sheet shows it
 * @param formatTime from UTC seconds
 */
export function buildSheet(
  { charter, certificates }: VerifiedStateCard,
  language: SheetLanguage,
  madeAt: string,
  formatTime: (seconds: number) => string,
): string {
  const wording = SHEET_WORDINGS[language];
  const { names, code } = charter;
  const name = names.get(language) ?? names.get('en') ?? code;
  const fingerprint = shortFingerprint(charter);
  const untilSeconds = Math.min(...certificates.map(({ notAfterSeconds }) => notAfterSeconds));
  const words = language === 'ar' ? [] : fingerprintWords(fingerprint, language);
  const facts: [string, string][] = [
    [wording.stateId, codeElement(charter.state)],
    [wording.charter, String(charter.version)],
    ...(certificates.length === 0
      ? []
      : [[wording.keysUntil, time(formatTime(untilSeconds))] as [string, string]]),
    ...(charter.contacts.length === 0
      ? []
      : [
          [
            wording.contacts,
            charter.contacts.map(({ reachability }) => `<bdi>${escaped(reachability)}</bdi>`).join('<br>'),
          ] as [string, string],
        ]),
    [wording.made, time(madeAt)],
  ];
  const lines = [
    wording.comparedWith,
    wording.channel,
    wording.comparedBy,
    wording.date,
    wording.signature,
    wording.signature,
  ];
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(SHEET_STYLE).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${language}" dir="${wording.direction}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(wording.title)}: ${escaped(name)} (${code})</title>
<style>${SHEET_STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(wording.title)}</h1>
<p class="state"><bdi>${escaped(name)}</bdi> <span class="code" dir="ltr">${code}</span></p>
<p class="purpose">${escaped(wording.purpose).replace('{0}', `<bdi>${escaped(name)}</bdi>`)}</p>
<div class="forms">
<div>
${words.length === 0 ? '' : `<h2>${escaped(wording.words ?? '')}</h2>\n<ol class="words">${words.map((word) => `<li>${escaped(word)}</li>`).join('')}</ol>\n`}<h2>${escaped(wording.digits)}</h2>
${language === 'ar' ? digits(fingerprintDigits(fingerprint, 'arab'), 'rtl') : ''}${digits(fingerprintDigits(fingerprint), 'ltr')}
</div>
<figure>${qrPicture(fingerprintForms(charter).code)}<figcaption>${escaped(wording.code)}</figcaption></figure>
</div>
<h2>${escaped(wording.howTo)}</h2>
<ol class="steps">${wording.steps.map((step) => `<li>${escaped(step)}</li>`).join('')}</ol>
<h2>${escaped(wording.about)}</h2>
<dl>${facts.map(([term, value]) => `<dt>${escaped(term)}</dt><dd>${value}</dd>`).join('')}</dl>
<h2>${escaped(wording.record)}</h2>
<div class="lines">${lines.map((line) => `<div>${escaped(line)}</div>`).join('')}</div>
</main>
</body>
</html>
`;
}

function digits(groups: readonly string[], direction: 'ltr' | 'rtl'): string {
  return `<p class="digits" dir="${direction}">${groups.map((group) => `<span>${group}</span>`).join(' ')}</p>`;
}

function codeElement(text: string): string {
  return `<code dir="ltr">${escaped(text)}</code>`;
}

function time(text: string): string {
  return `<time dir="ltr">${escaped(text)}</time>`;
}

/** Dark on white, whatever the colours around it are. */
function qrPicture(text: string): string {
  const modules = qrModules(text);
  const path = modules
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  const size = modules.length;
  return `<svg viewBox="0 0 ${size} ${size}" role="img" aria-label="${escaped(text)}" shape-rendering="crispEdges"><rect width="${size}" height="${size}" fill="#ffffff"/><path d="${path}" fill="#000000"/></svg>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
