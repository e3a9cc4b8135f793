/** The style of a sheet: one page of A4 in print, and readable on a screen that is light or dark. */
export const SHEET_STYLE = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1a1c1f, #e8e9ea);
  --quiet: light-dark(#565c64, #a4abb3);
  --ground: light-dark(#ffffff, #17191c);
  --line: light-dark(#c3c8cd, #4a5058);
  font: 15px / 1.45 system-ui, "Noto Sans", "Noto Sans Arabic", "Noto Sans CJK SC", sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); background: var(--ground); }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.1rem; font-weight: 600; margin: 0; color: var(--quiet); }
.state { font-size: 1.7rem; font-weight: 650; margin: 0; }
.state .code { color: var(--quiet); font-weight: 400; }
.purpose { margin: 0.5rem 0 1.25rem; }
h2 { font-size: 0.95rem; margin: 1.1rem 0 0.4rem; color: var(--quiet); font-weight: 600; }
.forms { display: grid; grid-template-columns: 1fr auto; gap: 1.5rem; align-items: start; border-block: 1px solid var(--line); padding: 0.25rem 0 1rem; }
.words { display: grid; grid-template-columns: repeat(3, 1fr); gap: 0.15rem 1rem; margin: 0; padding: 0; list-style: none; counter-reset: word; font-size: 1.15rem; }
.words li { counter-increment: word; white-space: nowrap; }
.words li::before { content: counter(word); color: var(--quiet); font-size: 0.7rem; display: inline-block; width: 1.4rem; }
.digits { display: grid; grid-template-columns: repeat(4, auto); justify-content: start; gap: 0.2rem 1.1rem; margin: 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; font-family: ui-monospace, "DejaVu Sans Mono", "Noto Sans Arabic", monospace; }
[dir="rtl"] .digits[dir="ltr"] { justify-content: end; }
.digits + .digits { margin-top: 0.6rem; color: var(--quiet); font-size: 1rem; }
figure { margin: 1.1rem 0 0; width: 11rem; }
figure svg { display: block; width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line); }
figcaption { font-size: 0.8rem; color: var(--quiet); text-align: center; margin-top: 0.3rem; }
.steps { margin: 0; padding-inline-start: 1.3rem; }
.steps li { margin: 0.15rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; margin: 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: 0.76em ui-monospace, "DejaVu Sans Mono", monospace; }
.lines { display: grid; grid-template-columns: 1fr 1fr; gap: 1.4rem 1.5rem; margin-top: 0.4rem; }
.lines div { border-bottom: 1px solid var(--text); padding-bottom: 0.2rem; color: var(--quiet); font-size: 0.85rem; min-height: 1.9rem; }
@media (max-width: 34rem) {
  .forms { grid-template-columns: 1fr; }
  .digits { grid-template-columns: repeat(2, auto); }
}
@page { size: A4; margin: 15mm; }
@media print {
  :root { color-scheme: light; font-size: 12.5px; }
  main { max-width: none; padding: 0; }
}
`;
