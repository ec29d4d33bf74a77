import type { Random } from '../core/random.js';
import type { NormalisationSpec, ParameterSpec } from './block.js';

/** Where each parameter lies in one flat vector: an optimiser then works on one tensor, whatever the network is. */
export interface ParameterLayout {
  readonly length: number;
  readonly entries: readonly (ParameterSpec & { readonly offset: number; readonly length: number })[];
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** Lays parameters out in the order they are declared. Throws RangeError where a name occurs twice. */
export function parameterLayout(specs: readonly ParameterSpec[]): ParameterLayout {
  const seen = new Set<string>();
  let offset = 0;
  const entries = specs.map((spec) => {
    if (seen.has(spec.name)) throw new RangeError(`Two parameters are called "${spec.name}".`);
    seen.add(spec.name);
    const entry = { ...spec, offset, length: sizeOf(spec.shape) };
    offset += entry.length;
    return entry;
  });
  return { length: offset, entries };
}

/** Fresh values. Each parameter has its own stream, so that a new one does not shift the others. */
export function startingParameters(layout: ParameterLayout, random: Random): Float32Array {
  const values = new Float32Array(layout.length);
  for (const { name, start, offset, length } of layout.entries) {
    if (typeof start === 'number') values.fill(start, offset, offset + length);
    else {
      const stream = random.fork(name);
      for (let i = 0; i < length; i++) values[offset + i] = start.deviation * stream.normal();
    }
  }
  return values;
}

/** 1 where weight decay pulls, 0 where it does not. */
export function decayMask(layout: ParameterLayout): Float32Array {
  const mask = new Float32Array(layout.length);
  for (const { decays, offset, length } of layout.entries) if (decays) mask.fill(1, offset, offset + length);
  return mask;
}

/** Share of the learning rate for each number: `first` next to the pictures, 1 at the end, and first^(1 − depth) between. */
export function rateShares(layout: ParameterLayout, first: number): Float32Array {
  const shares = new Float32Array(layout.length);
  for (const { depth = 1, offset, length } of layout.entries)
    shares.fill(first ** (1 - depth), offset, offset + length);
  return shares;
}

/** The running statistics of normalisations as parameters of their own: mean 0, variance 1 to start with. */
export const statisticsOf = (normalisations: readonly NormalisationSpec[]): ParameterSpec[] =>
  normalisations.flatMap(({ name, channels }) => [
    { name: `${name}/mean`, shape: [channels], start: 0, decays: false },
    { name: `${name}/variance`, shape: [channels], start: 1, decays: false },
  ]);
