import type { Value } from '../../graph.js';
import type { PoolGradAttributes } from '../../operations/pools.js';
import { convolve } from './convolve.js';
import type { BlockRule, Forms } from './forms.js';
import { interleave } from './interleave.js';
import { NCHWC } from './nchwc.js';
import { rowIndices, steps } from './row-indices.js';

type Shape4 = readonly [number, number, number, number];

/** Below every number that a map holds. */
const NEVER = -3e38;

/**
 * The largest of a window is the largest of what is largest in each of its rows, so the gradient goes back along the columns
 * first, and from there along the rows: k + k taps instead of k · k. Of equals the first wins, as in the whole window.
 */
export const blockMaxPoolGrad: BlockRule = (node, forms) => {
  const window = node.attributes as unknown as PoolGradAttributes;
  const [dy, x] = node.inputs as [Value, Value];
  if (!forms.isBlocked(x)) return undefined;
  const size = dy.shape.slice(2) as [number, number];
  const [down, across] = [new Slide(window, 0, size[0]), new Slide(window, 1, size[1])];
  if (!down.fits || !across.fits) return undefined;
  const image = forms.blocked(x);
  const rows = across.largest(forms, image);
  const best = down.largest(forms, rows);
  const phases = down.sendBack(forms, rows, best, forms.blocked(dy));
  const dRows = interleave(forms.builder, forms.size, { phases, strides: [down.stride, 1] }, rows.shape);
  return [{ phases: across.sendBack(forms, image, rows, dRows), strides: [1, across.stride] }];
};

/** A window that slides along one axis, over maps in blocks. */
class Slide {
  readonly stride: number;
  readonly #taps: number;
  readonly #before: number;
  readonly #length: number;

  constructor(
    { kernel, strides, pads, input }: PoolGradAttributes,
    private readonly axis: 0 | 1,
    private readonly places: number,
  ) {
    this.stride = strides[axis];
    this.#taps = kernel[axis];
    this.#before = pads[axis];
    this.#length = input[axis];
  }

  /** Whether the operators can say it: they pad by less than they see, and a convolution cuts nothing off. */
  get fits(): boolean {
    const sees = (taps: number) => {
      const after = this.#after(taps);
      const places = Math.floor((this.#length + this.#before + after - taps) / this.stride) + 1;
      return this.#before < taps && after < taps && places === this.places;
    };
    const whole =
      steps(this.#taps + 1)
        .slice(2)
        .every(sees) &&
      (this.#taps > 1 || sees(1));
    return (
      whole && this.#phases().every(({ length, taps }) => taps.every(({ offset }) => this.#behind(offset, length) >= 0))
    );
  }

  /** The largest number that the first taps of each window see; all of them where it is not said. */
  largest({ builder: b }: Forms, x: Value, taps = this.#taps): Value {
    const after = this.#after(taps);
    const attributes = {
      kernel_shape: this.#along(taps, 1),
      strides: this.#along(this.stride, 1),
      pads: [...this.#along(this.#before, 0), ...this.#along(after, 0)],
    };
    return b.add('MaxPool', [x], x.shape.with(2 + this.axis, this.places), { domain: NCHWC, attributes });
  }

  /** The gradient by x in its phases along the axis; undefined where no tap sees one. */
  sendBack(forms: Forms, x: Value, best: Value, dy: Value): readonly (Value | undefined)[] {
    const { builder: b } = forms;
    const shares = this.#shares(forms, x, best, dy);
    return this.#phases().map(({ length, taps }) =>
      taps
        .map(({ tap, offset }) => this.#moved(forms, shares[tap]!, offset, length))
        .reduce<Value | undefined>((sum, share) => (sum ? b.plus(sum, share) : share), undefined),
    );
  }

  /** What each tap gets of dy. The last one gets what the taps before it do not hold, and so on down to the first. */
  #shares(forms: Forms, x: Value, best: Value, dy: Value): readonly Value[] {
    const { builder: b } = forms;
    const shares: Value[] = [];
    let [rest, top] = [dy, best];
    for (let tap = this.#taps - 1; tap > 0; tap--) {
      const before = tap === 1 ? this.#first(forms, x) : this.largest(forms, x, tap);
      const holds = b.unary('HardSigmoid', b.minus(before, top), { alpha: 1e30, beta: 1 }); // 1 if equal, 0 if less
      const kept = b.times(rest, holds);
      shares[tap] = b.minus(rest, kept);
      [rest, top] = [kept, before];
    }
    shares[0] = rest;
    return shares;
  }

  /** What the first tap of each window sees. */
  #first({ builder: b, size }: Forms, x: Value): Value {
    const [n, channels, height, width] = x.shape as Shape4;
    const maps = (n * channels) / size;
    const seen = steps(this.places).map((place) => place * this.stride - this.#before);
    const inside = seen.map((place) => Math.max(0, place));
    const lists =
      this.axis === 0
        ? [steps(maps, height * width), inside.map((row) => row * width), steps(width)]
        : [steps(maps * height, width), inside];
    const rows = b.gather(b.reshape(x, [maps * height * width, size]), rowIndices(b, lists), 0);
    const shape = x.shape.with(2 + this.axis, this.places);
    if (this.#before === 0) return b.reshape(rows, shape);
    const each = this.axis === 0 ? width * size : size;
    const never = Float32Array.from({ length: this.places * each }, (_, i) =>
      seen[Math.floor(i / each)]! < 0 ? NEVER : 0,
    );
    const lines = b.reshape(rows, [b.size(rows) / never.length, never.length]);
    return b.reshape(b.plus(lines, { shape: [never.length], type: 'float32', constant: never }), shape);
  }

  /**
   * The places of x that are alike modulo the stride: how many there are, and which taps see them, each in the window that
   * is so much further than the place.
   */
  #phases(): readonly { readonly length: number; readonly taps: readonly { tap: number; offset: number }[] }[] {
    return steps(this.stride).map((place) => ({
      length: Math.ceil((this.#length - place) / this.stride),
      taps: steps(this.#taps)
        .map((tap) => ({ tap, offset: (place + this.#before - tap) / this.stride }))
        .filter(({ offset }) => Number.isInteger(offset)),
    }));
  }

  /** A map moved up by an offset, or down, with zeros to a length: a depthwise convolution that looks at one tap only. */
  #moved({ builder: b, size }: Forms, x: Value, offset: number, length: number): Value {
    if (offset === 0 && this.places === length) return x;
    const taps = Math.max(0, offset) + 1;
    const channels = x.shape[1]!;
    const last = Float32Array.from({ length: channels * taps }, (_, i) =>
      Math.floor(i / size) % taps === taps - 1 ? 1 : 0,
    );
    const weights: Value = { shape: [channels, 1, ...this.#along(taps, 1)], type: 'float32', constant: last };
    const shape = x.shape.with(2 + this.axis, length);
    const [lead, trail] = [this.#along(Math.max(0, -offset), 0), this.#along(this.#behind(offset, length), 0)];
    return convolve(b, x, weights, [shape[2]!, shape[3]!], {
      strides: [1, 1],
      dilations: [1, 1],
      pads: [...lead, ...trail],
      groups: channels,
    });
  }

  /** Zeros behind a map that is moved by an offset, so that it has a length. */
  #behind(offset: number, length: number): number {
    return length - this.places + offset;
  }

  /** Places behind the map that so many taps meet. */
  #after(taps: number): number {
    return Math.max(0, (this.places - 1) * this.stride - this.#before + taps - this.#length);
  }

  #along(number: number, other: number): [number, number] {
    return this.axis === 0 ? [number, other] : [other, number];
  }
}
