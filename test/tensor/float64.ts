/** A network by the book, in float64 and plain loops: what the fast layouts are held to. */
export interface Node64 {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  readonly grad: Float64Array;
}
type Shape4 = readonly [number, number, number, number];

const sizeOf = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);

/** Records what is computed, so that `backward` can go through it in reverse. */
export class Tape64 {
  readonly #back: (() => void)[] = [];

  leaf(shape: readonly number[], numbers: ArrayLike<number>): Node64 {
    return { shape, data: Float64Array.from(numbers), grad: new Float64Array(sizeOf(shape)) };
  }

  #made(shape: readonly number[]): Node64 {
    return this.leaf(shape, new Float64Array(sizeOf(shape)));
  }

  conv(x: Node64, w: Node64, { stride = 1, pad = 0, groups = 1 } = {}): Node64 {
    const [n, c, height, width] = x.shape as Shape4;
    const [o, perGroup, kh, kw] = w.shape as Shape4;
    const tall = Math.floor((height + 2 * pad - kh) / stride) + 1;
    const wide = Math.floor((width + 2 * pad - kw) / stride) + 1;
    const y = this.#made([n, o, tall, wide]);
    const each = (visit: (x: number, w: number, y: number) => void) => {
      for (let i = 0; i < n; i++)
        for (let out = 0; out < o; out++)
          for (let ch = 0; ch < perGroup; ch++) {
            const from = Math.floor(out / (o / groups)) * perGroup + ch;
            for (let row = 0; row < kh; row++)
              for (let column = 0; column < kw; column++)
                for (let top = 0; top < tall; top++) {
                  const at = top * stride + row - pad;
                  if (at < 0 || at >= height) continue;
                  for (let left = 0; left < wide; left++) {
                    const across = left * stride + column - pad;
                    if (across < 0 || across >= width) continue;
                    visit(
                      ((i * c + from) * height + at) * width + across,
                      ((out * perGroup + ch) * kh + row) * kw + column,
                      ((i * o + out) * tall + top) * wide + left,
                    );
                  }
                }
          }
    };
    each((a, b, r) => {
      y.data[r]! += x.data[a]! * w.data[b]!;
    });
    this.#back.push(() =>
      each((a, b, r) => {
        x.grad[a]! += y.grad[r]! * w.data[b]!;
        w.grad[b]! += y.grad[r]! * x.data[a]!;
      }),
    );
    return y;
  }

  batchNorm(x: Node64, gamma: Node64, beta: Node64, epsilon = 1e-5): Node64 {
    const [n, c] = x.shape as Shape4;
    const map = sizeOf(x.shape.slice(2));
    const count = n * map;
    const y = this.#made(x.shape);
    const channel = (ch: number, visit: (index: number) => void) => {
      for (let i = 0; i < n; i++) for (let at = 0; at < map; at++) visit((i * c + ch) * map + at);
    };
    for (let ch = 0; ch < c; ch++) {
      let [mean, variance] = [0, 0];
      channel(ch, (i) => {
        mean += x.data[i]! / count;
      });
      channel(ch, (i) => {
        variance += (x.data[i]! - mean) ** 2 / count;
      });
      const rstd = 1 / Math.sqrt(variance + epsilon);
      channel(ch, (i) => {
        y.data[i] = (x.data[i]! - mean) * rstd * gamma.data[ch]! + beta.data[ch]!;
      });
      this.#back.push(() => {
        let [sum, along] = [0, 0];
        channel(ch, (i) => {
          sum += y.grad[i]!;
          along += y.grad[i]! * (x.data[i]! - mean) * rstd;
        });
        gamma.grad[ch]! += along;
        beta.grad[ch]! += sum;
        channel(ch, (i) => {
          const normal = (x.data[i]! - mean) * rstd;
          x.grad[i]! += gamma.data[ch]! * rstd * (y.grad[i]! - sum / count - (normal * along) / count);
        });
      });
    }
    return y;
  }

  relu(x: Node64): Node64 {
    const y = this.leaf(
      x.shape,
      x.data.map((number) => Math.max(0, number)),
    );
    this.#back.push(() => {
      for (let i = 0; i < y.data.length; i++) if (x.data[i]! > 0) x.grad[i]! += y.grad[i]!;
    });
    return y;
  }

  add(a: Node64, b: Node64): Node64 {
    const y = this.leaf(
      a.shape,
      a.data.map((number, i) => number + b.data[i]!),
    );
    this.#back.push(() => {
      for (let i = 0; i < y.data.length; i++) {
        a.grad[i]! += y.grad[i]!;
        b.grad[i]! += y.grad[i]!;
      }
    });
    return y;
  }

  /** Σ over all elements of weight · x: a loss whose gradient differs everywhere. */
  weighed(x: Node64, weight: (index: number) => number): number {
    this.#back.push(() => {
      for (let i = 0; i < x.data.length; i++) x.grad[i]! += weight(i);
    });
    return x.data.reduce((sum, number, i) => sum + number * weight(i), 0);
  }

  backward(): void {
    for (const step of this.#back.toReversed()) step();
  }
}
