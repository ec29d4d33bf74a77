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

/** Judges an encoder by retrieval across styles. */
export async function judgeEncoder(encoder: Encoder, drawings: ByStyle<Uint8Array[]>): Promise<EmojiScores> {
  const embedded: [EmojiStyle, readonly Float32Array[]][] = [];
  for (const style of EMOJI_STYLES) embedded.push([style, await encoder.encode(drawings[style])]);
  return judgeEmoji(Object.fromEntries(embedded) as ByStyle<readonly Float32Array[]>);
}

/** Judges a baseline of pixels. */
export async function judgePixels(
  transform: (pixels: Rows) => Promise<Rows>,
  drawings: ByStyle<Uint8Array[]>,
): Promise<EmojiScores> {
  const embedded: [EmojiStyle, readonly Float32Array[]][] = [];
  for (const style of EMOJI_STYLES) {
    const { values, dimension } = await transform(rowsOfBytes(drawings[style]));
    const rows = Array.from({ length: values.length / dimension }, (_, i) =>
      values.subarray(i * dimension, (i + 1) * dimension),
    );
    embedded.push([style, rows]);
  }
  return judgeEmoji(Object.fromEntries(embedded) as ByStyle<readonly Float32Array[]>);
}
