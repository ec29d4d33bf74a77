import { EMOJI_STYLES, type EmojiStyle } from '../src/cli/emoji-styles.js';
import type { Encoder } from '../src/encoder/encoder.js';
import { type Rows, rowsOfBytes } from '../src/evaluation/rows.js';
import { Preparation } from '../src/images/preparation.js';
import type { SharedEmoji } from './data/emoji.js';
import { type EmojiScores, judgeEmoji } from './data/emoji-protocol.js';

type ByStyle<T> = Record<EmojiStyle, T>;

/** The held-out codepoints in all five styles, prepared at one size. */
export async function heldOutDrawings(shared: SharedEmoji, size: number): Promise<ByStyle<Uint8Array[]>> {
  const drawings: [EmojiStyle, Uint8Array[]][] = [];
  for (const style of EMOJI_STYLES) {
    const { samples, close } = await shared.samples(style, shared.heldOut, Preparation.parse({ size }));
    drawings.push([style, Array.from({ length: samples.count }, (_, i) => samples.read(i).slice())]);
    close();
  }
  return Object.fromEntries(drawings) as ByStyle<Uint8Array[]>;
}

/** Judges by retrieval across styles what turns pictures into rows. */
export async function judgeDrawings(
  rowsOf: (pictures: readonly Uint8Array[]) => Promise<readonly Float32Array[]>,
  drawings: ByStyle<Uint8Array[]>,
): Promise<EmojiScores> {
  const embedded: [EmojiStyle, readonly Float32Array[]][] = [];
  for (const style of EMOJI_STYLES) embedded.push([style, await rowsOf(drawings[style])]);
  return judgeEmoji(Object.fromEntries(embedded) as ByStyle<readonly Float32Array[]>);
}

export const judgeEncoder = (encoder: Encoder, drawings: ByStyle<Uint8Array[]>): Promise<EmojiScores> =>
  judgeDrawings((pictures) => encoder.encode(pictures), drawings);

/** Judges a baseline of pixels. */
export async function judgePixels(
  transform: (pixels: Rows) => Promise<Rows>,
  drawings: ByStyle<Uint8Array[]>,
): Promise<EmojiScores> {
  return judgeDrawings(async (pictures) => rowsApart(await transform(rowsOfBytes([...pictures]))), drawings);
}

/** Views of the rows, one by one. */
export const rowsApart = ({ values, dimension }: Rows): readonly Float32Array[] =>
  Array.from({ length: values.length / dimension }, (_, i) => values.subarray(i * dimension, (i + 1) * dimension));
