import type { Builder } from '../builder.js';
import type { Value } from '../graph.js';

/** How a TensorFlow.js kernel is recorded: its inputs in the order TensorFlow.js names them, and its attributes. */
export type Kernel = (builder: Builder, inputs: readonly Value[], attributes: KernelAttributes) => Value | Value[];
export type KernelTable = Readonly<Record<string, Kernel>>;

/** Attributes of a kernel, read by kind: TensorFlow.js types them loosely, so each reading says what it expects. */
export class KernelAttributes {
  constructor(private readonly raw: Readonly<Record<string, unknown>>) {}

  number(name: string, otherwise = 0): number {
    return (this.raw[name] as number | undefined) ?? otherwise;
  }

  flag(name: string): boolean {
    return Boolean(this.raw[name]);
  }

  text(name: string): string {
    return String(this.raw[name]);
  }

  list(name: string): number[] {
    return [...(this.raw[name] as ArrayLike<number> & Iterable<number>)];
  }

  pairs(name: string): [number, number][] {
    return this.raw[name] as [number, number][];
  }

  numberOrList(name: string): number | number[] {
    return this.raw[name] as number | number[];
  }

  /** An axis or a list of axes, none meaning all, without negative ones. */
  axes(name: string, rank: number): number[] {
    const given = this.raw[name] as number | number[] | null | undefined;
    if (given === null || given === undefined) return Array.from({ length: rank }, (_, axis) => axis);
    return [given].flat().map((axis) => (axis < 0 ? axis + rank : axis));
  }

  axis(name: string, rank: number): number {
    return this.axes(name, rank)[0]!;
  }
}
