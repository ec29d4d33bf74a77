import { AppError } from '../errors.js';

/** Elements drawn once everything that is drawn several times is counted as often. */
const MAX_DRAWN = 100_000;
const FILTER_STEP = 20; // A filter's step touches every pixel: as dear as so many shapes.

const TAG = /<(\/?)([A-Za-z_][\w:.-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/g;
const ID = /\sid\s*=\s*(?:"([^"]*)"|'([^']*)')/;
const REFERENCE = /href\s*=\s*["']\s*#([^"']+)["']|url\(\s*["']?#([^"')]+)["']?\s*\)/g;
const EMBEDDED = /data\s*:\s*([^,"')]*),([^"')]*)/gi;
const PLAIN_ENTITY = /^<!ENTITY\s+[\w:.-]+\s+(?:"https?:[^"<&%]*"|'https?:[^'<&%]*')\s*>/;

const refuse = (why: string): AppError => new AppError('PICTURE_UNREADABLE', { why });

interface Element {
  readonly cost: number;
  readonly children: Element[];
  readonly references: readonly string[];
}

const referencesIn = (text: string): string[] => [...text.matchAll(REFERENCE)].map((match) => match[1] ?? match[2]!);

/** Tags → tree. What is not well-formed comes out as some tree or other; the rasteriser refuses it later. */
function treeOf(text: string): { root: Element; byId: Map<string, Element> } {
  const root: Element = { cost: 0, children: [], references: [] };
  const byId = new Map<string, Element>();
  const open: Element[] = [root];
  for (const [, closing, name, rest] of text.matchAll(TAG)) {
    if (closing === '/') {
      if (open.length > 1) open.pop();
      continue;
    }
    const cost = /^(\w+:)?fe[A-Z]/.test(name!) ? FILTER_STEP : 1;
    const element: Element = { cost, children: [], references: referencesIn(rest!) };
    open.at(-1)!.children.push(element);
    const id = ID.exec(rest!);
    if (id !== null) byId.set(id[1] ?? id[2]!, element);
    if (!rest!.endsWith('/')) open.push(element);
    if (open.length > 1_000) throw refuse('the drawing is nested too deeply');
  }
  return { root, byId };
}

/** How many elements are drawn, each reference followed; a reference in a circle counts nothing. */
function drawn(root: Element, byId: ReadonlyMap<string, Element>, styled: readonly string[]): number {
  const known = new Map<Element, number>();
  const inWork = new Set<Element>();
  const count = (element: Element): number => {
    const before = known.get(element);
    if (before !== undefined) return before;
    if (inWork.has(element)) return 0;
    if (inWork.size > 2_000) throw refuse('the drawing is nested too deeply');
    inWork.add(element);
    let sum = element.cost;
    for (const child of element.children) sum += count(child);
    for (const id of [...element.references, ...styled]) {
      const target = byId.get(id);
      if (target !== undefined) sum += count(target);
    }
    inWork.delete(element);
    known.set(element, sum);
    return sum;
  };
  return count(root);
}

/**
 * Bounds what an SVG may cost before it is rasterised, since a rasteriser at work can't be stopped: a few hundred bytes
 * can draw a billion shapes. Gives the pictures embedded in it, which the caller checks. Throws PICTURE_UNREADABLE.
 */
export function checkDrawing(bytes: Uint8Array): Uint8Array[] {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw refuse('compressed drawings are not taken');
  const written = new TextDecoder().decode(bytes).replace(/<!--[\s\S]*?-->/g, '');
  for (const { index } of written.matchAll(/<!ENTITY/g))
    if (!PLAIN_ENTITY.test(written.slice(index, index + 1_000))) throw refuse('it defines entities');
  const text = written.replace(/&#(x?)([0-9a-f]{1,6});/gi, (_, hex: string, digits: string) => {
    const code = Number.parseInt(digits, hex === '' ? 10 : 16);
    return code > 0x20 && code < 0x7f && code !== 0x22 && code !== 0x27 ? String.fromCharCode(code) : ' ';
  });
  const { root, byId } = treeOf(text);
  // Colours of a style sheet may be any element's; a gradient costs as little as a colour, a pattern what it draws.
  const sheets = [...text.matchAll(/<style[\s\S]*?<\/style\s*>/g)].flatMap(([sheet]) => referencesIn(sheet));
  const gradients = new Set(
    [...text.matchAll(/<(?:\w+:)?\w+Gradient\b[^>]*/g)].map(([tag]) => ID.exec(tag)?.[1] ?? ''),
  );
  const styled = [...new Set(sheets)].filter((id) => !gradients.has(id));
  if (drawn(root, byId, styled) > MAX_DRAWN) throw refuse('the drawing draws too much');
  return [...text.matchAll(EMBEDDED)].flatMap(([, type, content]) => {
    if (!/^\s*image\//i.test(type!)) return [];
    if (/svg/i.test(type!) || !/;\s*base64\s*$/i.test(type!)) throw refuse('a drawing within the drawing is not taken');
    return [Buffer.from(content!, 'base64')];
  });
}
