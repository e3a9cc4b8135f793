import encodeQR from 'qr';

/** A QR code needs four light modules around it. */
const QUIET_MODULES = 4;
/** Black on bright white, whatever the colours of the terminal are. */
const INK = '\u001b[30;107m';
const PLAIN = '\u001b[0m';

/** The modules of a QR code, the dark ones true, with the light ones around them. */
export function qrModules(text: string): boolean[][] {
  return encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_MODULES });
}

/**
 * A QR code of half blocks, two modules above each other in a character: as wide as it is high on a terminal. In colours of its
 * own where it goes to a terminal; in a file, ink is dark.
 */
export function qrText(text: string, hasColours: boolean): string {
  const modules = qrModules(text);
  const lines: string[] = [];
  for (let row = 0; row < modules.length; row += 2) {
    const [upper = [], lower = []] = [modules[row], modules[row + 1]];
    const line = upper.map((isDark, column) => block(isDark, lower[column] === true)).join('');
    lines.push(hasColours ? `${INK}${line}${PLAIN}` : line);
  }
  return lines.join('\n');
}

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}
