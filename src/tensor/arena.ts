/** What the runtime rounds every size up to. */
const UNIT = 256;
/** The first region that it takes from the system; later ones double. */
const FIRST_REGION = 2 ** 20;
const LARGEST_REGION = 2 ** 30;
/** A free chunk that is not twice as large as what is asked for is given whole, unless this much would lie idle. */
const MOST_IDLE = 2 ** 27;

interface Chunk {
  readonly region: Region;
  offset: number;
  size: number;
  free: boolean;
}

interface Region {
  /** In the order of their offsets; together all of the region. */
  readonly chunks: Chunk[];
  /** Up to here its pages have been handed out, and so written. */
  touched: number;
}

/**
 * How ONNX Runtime's memory arena for the processor hands out memory: the smallest free chunk that fits, split only where
 * much would be left over, neighbours joined when they are freed, regions that double ("best fit with coalescing", as
 * `bfc_arena.cc` of ONNX Runtime 1.30 does with its default options). Only sizes are kept, no memory.
 */
export class Arena {
  readonly #regions: Region[] = [];
  #next = FIRST_REGION;

  allocate(bytes: number): Chunk {
    const size = Math.max(1, Math.ceil(bytes / UNIT)) * UNIT;
    const chunk = this.#smallestFree(size) ?? this.#extend(size);
    if (chunk.size >= 2 * size || chunk.size - size >= MOST_IDLE) this.#split(chunk, size);
    chunk.free = false;
    chunk.region.touched = Math.max(chunk.region.touched, chunk.offset + size);
    return chunk;
  }

  release(chunk: Chunk): void {
    const { chunks } = chunk.region;
    chunk.free = true;
    const at = chunks.indexOf(chunk);
    const [before, after] = [chunks[at - 1], chunks[at + 1]];
    if (after?.free) {
      chunk.size += after.size;
      chunks.splice(at + 1, 1);
    }
    if (before?.free) {
      before.size += chunk.size;
      chunks.splice(at, 1);
    }
  }

  /** Bytes of memory that have been in use so far, gaps between them included. */
  get touched(): number {
    return this.#regions.reduce((sum, { touched }) => sum + touched, 0);
  }

  #smallestFree(size: number): Chunk | undefined {
    let best: Chunk | undefined;
    for (const { chunks } of this.#regions)
      for (const chunk of chunks)
        if (chunk.free && chunk.size >= size && (best === undefined || chunk.size < best.size)) best = chunk;
    return best;
  }

  #extend(size: number): Chunk {
    const enough = this.#next >= size;
    while (this.#next < size) this.#next *= 2;
    const region: Region = { chunks: [], touched: 0 };
    const chunk = { region, offset: 0, size: this.#next, free: true };
    region.chunks.push(chunk);
    this.#regions.push(region);
    if (enough && this.#next < LARGEST_REGION) this.#next *= 2;
    return chunk;
  }

  #split(chunk: Chunk, size: number): void {
    const { chunks } = chunk.region;
    const rest = { region: chunk.region, offset: chunk.offset + size, size: chunk.size - size, free: true };
    chunks.splice(chunks.indexOf(chunk) + 1, 0, rest);
    chunk.size = size;
  }
}
