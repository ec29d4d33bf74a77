import type { ModelManifest } from '../../registry/registry.js';
import type { Interval } from '../interval.js';
import type { MatchScore, ProbeScore } from '../probes.js';

/** What is known of a model before its files are written. */
export type ReportedModel = Omit<ModelManifest, 'encoder' | 'parameters'> & { readonly encoderParameters: number };

/** Somebody who was asked to match the probe views: the model, or what it has to beat. */
export interface Contestant {
  readonly name: string;
  readonly kind: 'model' | 'untrained' | 'pixels';
  readonly score: MatchScore;
  /** How far the model is ahead on the same pictures, as a share of views; absent for the model itself. */
  readonly lead?: Interval;
}

export interface Neighbour {
  /** Number of a picture of the pool. */
  readonly picture: number;
  /** Cosine. */
  readonly similarity: number;
}

/** One picture and what is nearest to it among the others, nearest first. */
export interface Neighbourhood {
  readonly picture: number;
  readonly model: readonly Neighbour[];
  readonly pixels: readonly Neighbour[];
}

/** The pool of pictures on a plane. */
export interface PictureMap {
  /** By picture, from 0 to 1. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Of all variance of the embeddings, what the two axes show. */
  readonly share: number;
}

/** How alike a picture and its changed copy stay, as one view is turned up. Mean cosines. */
export interface Invariance {
  readonly view: string;
  readonly dial: string;
  readonly points: readonly { readonly strength: number; readonly model: number; readonly pixels: number }[];
}

/** All that a report shows. */
export interface Findings {
  readonly model: ReportedModel;
  /** The pictures it was looked at with, at most 500. */
  readonly pool: {
    readonly source: string;
    readonly names: readonly string[];
    /** Data URIs. */
    readonly thumbnails: readonly string[];
  };
  readonly score: ProbeScore;
  /** The model first. */
  readonly contestants: readonly [Contestant, ...Contestant[]];
  readonly neighbourhoods: readonly Neighbourhood[];
  readonly map: PictureMap;
  readonly invariance: {
    readonly pictures: number;
    readonly views: readonly Invariance[];
    /** Mean cosine of two different pictures: what "nothing in common" looks like. */
    readonly apart: { readonly model: number; readonly pixels: number };
  };
}
