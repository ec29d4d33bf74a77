import { Random } from '../../src/core/random.js';

/** A picture of a few small blobs of one colour: moved a little, pixels no longer fit, and what it shows is the same. */
export function blobPicture(seed: number, size = 16): Uint8Array {
  const random = new Random(seed);
  const blobs = Array.from({ length: 4 }, () => ({
    x: random.next(),
    y: random.next(),
    width: 0.05,
    colour: [100, 100, 100],
  }));
  const out = new Uint8Array(size * size * 3);
  for (let at = 0; at < out.length; at++) {
    const [channel, x, y] = [at % 3, (Math.floor(at / 3) % size) / size, Math.floor(at / 3 / size) / size];
    let value = 128;
    for (const blob of blobs)
      value += blob.colour[channel]! * Math.exp(-((x - blob.x) ** 2 + (y - blob.y) ** 2) / (2 * blob.width ** 2));
    out[at] = Math.max(0, Math.min(255, value));
  }
  return out;
}
