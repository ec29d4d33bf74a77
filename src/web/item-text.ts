import type { Attributes, Shown } from './api.js';

const NAMES = ['name', 'title', 'label', 'caption'];

/** What to call an item: its name where it has one, else its id. */
export function titleOf({ itemId, attributes }: Shown): string {
  for (const field of NAMES) {
    const value = attributes?.[field];
    if (typeof value === 'string' && value.trim()) return value;
  }
  return itemId;
}

/** Everything an item says of itself in words, to search in. */
export function searchText({ itemId, attributes }: Shown): string {
  const words: string[] = [itemId];
  const gather = (value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') words.push(String(value));
    else if (value && typeof value === 'object') for (const part of Object.values(value)) gather(part);
  };
  gather(attributes);
  return words.join(' \n').toLowerCase();
}

/** An attribute by which a catalogue falls into a handful of groups, with the groups in order of first appearance. */
export interface Facet {
  readonly field: string;
  readonly values: readonly string[];
}

const FEWEST = 2;
const MOST = 16;
/** A facet is worth showing where at least this share of the items has it. */
const SHARE = 0.6;

/** The first attribute that makes a useful facet; undefined where none does. */
export function facetsOf(items: readonly { readonly attributes?: Attributes }[]): Facet | undefined {
  const fields = new Map<string, Map<string, number>>();
  for (const { attributes } of items)
    for (const [field, value] of Object.entries(attributes ?? {})) {
      if (typeof value !== 'string' || NAMES.includes(field)) continue;
      const counts = fields.get(field) ?? new Map<string, number>();
      if (counts.size <= MOST) counts.set(value, (counts.get(value) ?? 0) + 1);
      fields.set(field, counts);
    }
  for (const [field, counts] of fields) {
    const covered = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (counts.size >= FEWEST && counts.size <= MOST && covered >= SHARE * items.length)
      return { field, values: [...counts.keys()] };
  }
  return undefined;
}

/** How well an entry fits the words, 0 best; undefined where a word is missing. */
export function fitting(entry: { title: string; text: string }, words: string): number | undefined {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.every((word) => entry.text.includes(word))) return undefined;
  const title = entry.title.toLowerCase();
  const phrase = wanted.join(' ');
  if (title.startsWith(phrase)) return 0;
  if (title.includes(` ${phrase}`)) return 1;
  if (title.includes(phrase)) return 2;
  return wanted.every((word) => title.includes(word)) ? 3 : 4;
}

/** A similarity as people read it: 83%. Below zero it stays below zero. */
export const percent = (similarity: number): string => `${Math.round(similarity * 100)}%`.replace('-', '−');

/** How sure it is that two pictures this alike are one, in words a tile has room for. */
export function sameness(confidence: number): string {
  if (confidence < 0.005) return 'another picture';
  return confidence >= 0.995 ? 'the same picture' : `same picture: ${percent(confidence)}`;
}

export const count = (number: number): string => number.toLocaleString('en');
export const plural = (number: number, one: string, many: string): string =>
  `${count(number)} ${number === 1 ? one : many}`;

/** A value of an attribute as text. */
export function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  if (value !== null && typeof value === 'object') return JSON.stringify(value);
  return String(value);
}
