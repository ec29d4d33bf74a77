import { html, type Markup } from './html.js';
import { sayFigure } from './say-number.js';

export interface Line {
  readonly name: string;
  readonly kind: 'model' | 'pixels';
  /** From left to right; at least one. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface ChartOptions {
  /** Read aloud to who can't see it. */
  readonly label: string;
  readonly lines: readonly Line[];
  readonly xName: string;
  /** What the vertical axis shows at least; the lines' own range where absent. */
  readonly range?: readonly [low: number, high: number];
  /** Dashed levels to compare the line of the same kind with. */
  readonly levels?: readonly { readonly kind: Line['kind']; readonly at: number }[];
  /** Places on the horizontal axis where something happened, and what. */
  readonly marks?: readonly { readonly at: number; readonly says: string }[];
}

const [WIDTH, HEIGHT] = [340, 190];
const PLOT = { left: 48, right: 318, top: 10, bottom: 152 };

/** A small line chart as SVG: axes with round numbers, one line a series, colours from the page's style. */
export function lineChart({ label, lines, xName, range, levels = [], marks = [] }: ChartOptions): Markup {
  const all = lines.flatMap(({ points }) => points);
  const xs = [...all.map(([x]) => x), ...marks.map(({ at }) => at)];
  const ys = [...all.map(([, y]) => y), ...(range ?? []), ...levels.map(({ at }) => at)];
  const [xTicks, yTicks] = [roundTicks(Math.min(...xs), Math.max(...xs)), roundTicks(Math.min(...ys), Math.max(...ys))];
  const x = scale(xTicks.low, xTicks.high, PLOT.left, PLOT.right);
  const y = scale(yTicks.low, yTicks.high, PLOT.bottom, PLOT.top);
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
${yTicks.at.map((tick) => html`<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(tick)}" y2="${y(tick)}"/><text x="${PLOT.left - 6}" y="${y(tick) + 4}" text-anchor="end">${sayFigure(tick)}</text>`)}
${xTicks.at.map((tick) => html`<text x="${x(tick)}" y="${PLOT.bottom + 16}" text-anchor="middle">${sayFigure(tick)}</text>`)}
<text class="axis" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 4}" text-anchor="middle">${xName}</text>
${levels.map(({ kind, at }) => html`<line class="level ${kind}" x1="${PLOT.left}" x2="${PLOT.right}" y1="${y(at)}" y2="${y(at)}"/>`)}
${marks.map(({ at, says }) => html`<line class="mark" x1="${x(at)}" x2="${x(at)}" y1="${PLOT.top}" y2="${PLOT.bottom}"><title>${says}</title></line>`)}
${lines.map(({ kind, points }) => html`<polyline class="line ${kind}" points="${points.map(([px, py]) => `${x(px)},${y(py)}`).join(' ')}"/>`)}
${lines.map(({ kind, name, points }) => points.map(([px, py]) => html`<circle class="dot ${kind}" cx="${x(px)}" cy="${y(py)}" r="3"><title>${name}: ${sayFigure(py)} at ${sayFigure(px)}</title></circle>`))}
</svg>`;
}

const scale =
  (low: number, high: number, from: number, to: number) =>
  (value: number): number =>
    Math.round(10 * (from + ((value - low) / (high - low)) * (to - from))) / 10;

/** About four round numbers (1, 2 or 5 times a power of ten) that enclose a range. */
export function roundTicks(low: number, high: number) {
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = power * [1, 2, 5, 10].find((times) => span / (power * times) <= 5)!;
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  const end = last > first ? last : first + 1;
  const at = Array.from({ length: end - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { at, low: at[0]!, high: at.at(-1)! };
}
