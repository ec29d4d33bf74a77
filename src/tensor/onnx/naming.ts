import type { Graph, Value } from '../graph.js';

/** Names for the values of one graph; equal constants get one name. */
export class Naming {
  readonly #names = new Map<Value, string>();
  readonly #constants = new Map<string, Value>();
  readonly #byContent = new Map<string, string>();
  readonly #renames: { from: string; to: string }[] = [];

  constructor(graph: Graph) {
    for (const [name, value] of graph.inputs) this.#names.set(value, name);
    const made = new Set(graph.nodes.flatMap((node) => node.outputs));
    for (const [name, value] of graph.outputs) {
      if (made.has(value) && !this.#names.has(value)) this.#names.set(value, name);
      else this.#renames.push({ from: this.of(value), to: name }); // an input, a constant, or an output under two names
    }
  }

  of(value: Value): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    return value.constant ? this.#constant(value) : this.#fresh(value);
  }

  constants(): [string, Value][] {
    return [...this.#constants];
  }

  /** Nodes that only give a value another name. */
  renames(): object[] {
    return this.#renames.map(({ from, to }) => ({
      op_type: 'Identity',
      name: `rename_${to}`,
      input: [from],
      output: [to],
    }));
  }

  #fresh(value: Value): string {
    const name = `v${this.#names.size}_`;
    this.#names.set(value, name);
    return name;
  }

  #constant(value: Value): string {
    const numbers = value.constant!;
    const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    const key = bytes.length <= 256 ? `${value.type} ${value.shape.join('x')} ${bytes.toString('base64')}` : undefined;
    const name = (key && this.#byContent.get(key)) ?? `c${this.#constants.size}_`;
    if (key) this.#byContent.set(key, name);
    this.#names.set(value, name);
    this.#constants.set(name, value);
    return name;
  }
}
