import { describe, expect, it } from 'vitest';
import { Arena } from '../../src/tensor/arena.js';

const KB = 1024;
const MB = KB * KB;

describe('Arena', () => {
  it('rounds sizes up to 256 bytes, and counts what has been in use', () => {
    const arena = new Arena();
    expect(arena.touched).toBe(0);
    arena.allocate(1);
    arena.allocate(257);
    expect(arena.touched).toBe(256 + 512);
  });

  it('gives memory back to whoever asks next', () => {
    const arena = new Arena();
    for (let i = 0; i < 10; i++) arena.release(arena.allocate(100 * KB));
    expect(arena.touched).toBe(100 * KB);
  });

  it('takes the smallest free chunk that fits', () => {
    const arena = new Arena();
    const [large, , small] = [300, 1, 100, 1].map((size) => arena.allocate(size * KB));
    arena.release(large!);
    arena.release(small!);
    expect(arena.allocate(90 * KB)).toBe(small);
  });

  it('joins neighbours that are free', () => {
    const arena = new Arena();
    const [one, two, three] = [100, 100, 100].map((size) => arena.allocate(size * KB));
    arena.allocate(KB);
    arena.release(one!);
    arena.release(three!);
    arena.release(two!);
    arena.allocate(300 * KB);
    expect(arena.touched).toBe(301 * KB);
  });

  it('gives a chunk whole where less than its half would be left', () => {
    const arena = new Arena();
    const chunk = arena.allocate(100 * KB);
    arena.allocate(KB);
    arena.release(chunk);
    arena.allocate(60 * KB);
    arena.allocate(30 * KB); // the rest of the chunk is not to be had
    expect(arena.touched).toBe(131 * KB);
  });

  it('takes regions that double: what does not fit into what is left of one lies in the next', () => {
    const arena = new Arena();
    arena.allocate(0.75 * MB);
    arena.allocate(0.5 * MB);
    arena.allocate(1.5 * MB);
    arena.allocate(0.25 * MB); // in the first region
    expect(arena.touched).toBe(3 * MB);
  });
});
