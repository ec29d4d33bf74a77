/** 0.912 → `91%`; `91.2%` with one digit. */
export const sayShare = (share: number, digits = 0): string => `${(100 * share).toFixed(digits)}%`;

/** A difference of shares: `+12.3 points`. */
export const sayPoints = (share: number): string =>
  `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)} points`;

/** `1,234,567` */
export const sayCount = (count: number): string => count.toLocaleString('en');

/** `48 s`, `12 min`, `2.5 h` */
export function sayDuration(seconds: number): string {
  if (seconds < 120) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Three digits that count, and a real minus sign. */
export const sayFigure = (value: number): string =>
  (Math.abs(value) >= 1000 ? sayCount(Math.round(value)) : String(Number(value.toPrecision(3)))).replace('-', '−');
