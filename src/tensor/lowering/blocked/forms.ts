import type { Builder } from '../../builder.js';
import type { Node, Value } from '../../graph.js';
import { affineBlocked } from './convolve.js';
import { interleave, type Phased } from './interleave.js';
import { NCHWC } from './nchwc.js';

/** Channels that lie together: 16 where the processor has AVX-512, 8 with AVX2. */
export type BlockSize = 8 | 16;

/** A map in blocks, still to be multiplied by a factor per channel [C'], where there is one. */
export interface Scaled {
  readonly blocked: Value;
  readonly scale?: Value;
}
/** One output of a rule: as ONNX has it, or in blocks. */
export type Form = { readonly plain: Value } | Scaled | Phased;
/** Writes a node in blocks: a form for each of its outputs. Undefined leaves the node to the plain layout. */
export type BlockRule = (node: Node, forms: Forms) => readonly Form[] | undefined;
/** How each operation is written in blocks. */
export type BlockTable = Readonly<Record<string, BlockRule>>;

type Shape4 = readonly [number, number, number, number];

/** Reordering takes channels in fours. */
const aligned = (channels: number): number => Math.ceil(channels / 4) * 4;

/**
 * The two forms that a value of a graph may have while the graph is written in blocks. A map [N, C, H, W] in blocks is
 * declared as [N, C', H, W], C' being C rounded up to whole blocks, and lies in memory as [N, C'/B, H, W, B]; what is
 * behind the last channel is finite and met by zeros only. Whoever asks for a form that is not there has it made, once.
 */
export class Forms {
  readonly #plain = new Map<Value, Value>();
  readonly #blocked = new Map<Value, Scaled>();
  readonly #phased = new Map<Value, Phased>();

  constructor(
    readonly builder: Builder,
    readonly size: BlockSize,
  ) {}

  put(output: Value, form: Form): void {
    if ('plain' in form) this.#plain.set(output, form.plain);
    else if ('phases' in form) this.#phased.set(output, form);
    else this.#blocked.set(output, form);
  }

  /** Whether a value is there in blocks already, be it in pieces. */
  isBlocked(value: Value): boolean {
    return this.#blocked.has(value) || this.#phased.has(value);
  }

  /** The pieces of a value that came in pieces. */
  phased(value: Value): Phased | undefined {
    return this.#phased.get(value);
  }

  plain(value: Value): Value {
    const known = this.#plain.get(value);
    if (known) return known;
    if (!this.isBlocked(value)) return value;
    const blocked = this.blocked(value);
    const [n, c, h, w] = value.shape as Shape4;
    const channels = aligned(c);
    const attributes = { channels, channels_last: 0 };
    const whole = this.builder.add('ReorderOutput', [blocked], [n, channels, h, w], { domain: NCHWC, attributes });
    const plain = this.builder.slice(whole, [0, 0, 0, 0], value.shape);
    this.#plain.set(value, plain);
    return plain;
  }

  /** @param value [N, C, H, W] */
  blocked(value: Value): Value {
    const known = this.scaled(value);
    if (!known.scale) return known.blocked;
    const blocked = affineBlocked(this.builder, known.blocked, known.scale);
    this.#blocked.set(value, { blocked });
    return blocked;
  }

  /** The same for whoever can take a factor per channel into account without going through the map. */
  scaled(value: Value): Scaled {
    const known = this.#blocked.get(value);
    if (known) return known;
    const [n, c, h, w] = value.shape as Shape4;
    const shape = [n, this.padded(c), h, w];
    const pieces = this.#phased.get(value);
    if (pieces) {
      const blocked = interleave(this.builder, this.size, pieces, shape);
      this.#blocked.set(value, { blocked });
      return { blocked };
    }
    const attributes = { channels_last: 0 };
    const plain = this.builder.pad(this.plain(value), [
      [0, 0],
      [0, aligned(c) - c],
      [0, 0],
      [0, 0],
    ]);
    const blocked = this.builder.add('ReorderInput', [plain], shape, { domain: NCHWC, attributes });
    this.#blocked.set(value, { blocked });
    return { blocked };
  }

  /** Channels rounded up to whole blocks. */
  padded(channels: number): number {
    return Math.ceil(channels / this.size) * this.size;
  }

  /** [C] with zeros up to whole blocks. */
  channels(perChannel: Value): Value {
    const missing = this.padded(perChannel.shape[0]!) - perChannel.shape[0]!;
    return this.builder.pad(this.plain(perChannel), [[0, missing]]);
  }

  /** Without what `channels` added. */
  cut(perChannel: Value, channels: number): Value {
    return this.builder.slice(perChannel, [0], [channels]);
  }
}
