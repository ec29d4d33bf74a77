import type { Attributes, EventKind, StoredEvent } from '../catalogue/catalogue.js';
import type { Vector } from '../core/vectors.js';
import type { Filter } from './filter.js';

/** An example, its picture already embedded: what pulls the answer closer, or (negative weight) pushes it away. */
export type Example =
  | { readonly kind: 'item'; readonly itemId: string; readonly weight: number }
  | { readonly kind: 'vector'; readonly vector: Vector; readonly weight: number };

export interface Hit {
  readonly itemId: string;
  readonly similarity?: number;
  readonly score?: number;
  readonly attributes: Attributes;
  readonly hasPicture: boolean;
  readonly explain?: { readonly [reason: string]: unknown };
}

/** At most this many hits, on all pages together, that share a value of the attribute. */
export interface Cap {
  /** A dotted path, as in filters. */
  readonly field: string;
  readonly most: number;
}

export interface PlanRequest {
  readonly examples: readonly Example[];
  readonly who?: { readonly userId: string } | { readonly sessionId: string };
  /** The item that is being looked at, for recommendations beside it. */
  readonly context?: string;
  readonly k: number;
  /** How many hits of this same request were shown on earlier pages. */
  readonly offset: number;
  readonly filter?: Filter;
  readonly minSimilarity?: number;
  readonly exclude: readonly string[];
  readonly includeSeen: boolean;
  readonly strategy?: string;
  readonly explain: boolean;
  /** A dotted path: of items that share its value, only the best is shown. */
  readonly groupBy?: string;
  readonly caps?: readonly Cap[];
  /** From 0 (as without) to 1: how much likeness to the hits above counts against a hit. */
  readonly diversity?: number;
  /** Whether pins, boosts and buries hold; what a rule hides is hidden whatever this says. True where it is left out. */
  readonly rules?: boolean;
  /** Whether every hit carries a score, also where similarity alone decides: recommendations do, searches do not. */
  readonly scored?: boolean;
}

export interface Plan {
  readonly hits: readonly Hit[];
  /** Whether a further page would have anything. */
  readonly more: boolean;
  readonly strategy: string;
  readonly indexId: string | null;
  readonly modelId: string | null;
}

/** What the planner needs to know of behaviour. The catalogue's `events` satisfies it. */
export interface Behaviour {
  of(
    collection: string,
    who: { userId: string } | { sessionId: string },
    limit: number,
  ): Promise<readonly StoredEvent[]>;
  seenBy(collection: string, who: { userId: string } | { sessionId: string }): Promise<ReadonlySet<string>>;
  popular(
    collection: string,
    weights: Readonly<Record<EventKind, number>>,
    limit: number,
  ): Promise<readonly { itemId: string; weight: number }[]>;
}

/** Answers searches and recommendations alike. Throws REQUEST_INVALID, ITEM_NOT_FOUND, ITEM_NOT_EMBEDDED, VECTOR_INVALID. */
export type Planner = (collection: string, request: PlanRequest) => Promise<Plan>;
