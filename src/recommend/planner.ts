import type { Attributes, EventKind, Evidence, StoredEvent } from '../catalogue/catalogue.js';
import type { Vector } from '../core/vectors.js';
import type { Filter } from './filter.js';
import type { NoMatch } from './no-match.js';

/** An example, its picture already embedded: what pulls the answer closer, or (negative weight) pushes it away. */
export type Example =
  | { readonly kind: 'item'; readonly itemId: string; readonly weight: number }
  | { readonly kind: 'vector'; readonly vector: Vector; readonly weight: number };

export interface Hit {
  readonly itemId: string;
  readonly similarity?: number;
  /** How often two items this alike are as close as two copies of one picture, where the index knows. */
  readonly confidence?: number | undefined;
  readonly score?: number;
  /** Items that are taken for copies of this one and were folded into it, the first twenty. */
  readonly duplicates?: readonly string[];
  readonly attributes: Attributes;
  readonly hasPicture: boolean;
  /** The probability that this item stands in this place; only where the request explores, and as far as it does. */
  readonly propensity?: number;
  /** Whether it was drawn to be tried out. */
  readonly explored?: true;
  readonly explain?: { readonly [reason: string]: unknown };
}

/** At most this many hits, on all pages together, that share a value of the attribute. */
export interface Cap {
  /** A dotted path, as in filters. */
  readonly field: string;
  readonly most: number;
}

/** What becomes of hits that are copies of one picture. */
export const DUPLICATES = ['show', 'collapse'] as const;

/** How likeness counts against a hit: to the most alike hit above, or to all of them together. */
export const DIVERSITY_FORMS = ['marginal', 'determinantal'] as const;
export type DiversityForm = (typeof DIVERSITY_FORMS)[number];

/** How an item to be tried out is drawn: each as likely, or as likely as it is to be the best one. */
export const EXPLORERS = ['epsilon', 'thompson'] as const;

/** Places below the first that are given away at times, so that something is learnt of what would not be shown. */
export interface Explore {
  /** The probability, from 0 to 0.5, that a place is given to an item that is tried out. */
  readonly share: number;
  readonly by: (typeof EXPLORERS)[number];
  /** How far down places are given away. */
  readonly places: number;
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
  /** From 0 to 1. Hits without a similarity are left out. */
  readonly minConfidence?: number;
  readonly exclude: readonly string[];
  readonly includeSeen: boolean;
  readonly strategy?: string;
  readonly explain: boolean;
  /** A dotted path: of items that share its value, only the best is shown. */
  readonly groupBy?: string;
  readonly caps?: readonly Cap[];
  /** `collapse`: hits that are copies of one above are folded into it. As `show` where it is left out. */
  readonly duplicates?: (typeof DUPLICATES)[number];
  /** From 0 (as without) to 1: how much likeness to the hits above counts against a hit. */
  readonly diversity?: number;
  /** `marginal` where it is left out. */
  readonly diversityBy?: DiversityForm;
  /** Whether pins, boosts and buries hold; what a rule hides is hidden whatever this says. True where it is left out. */
  readonly rules?: boolean;
  readonly explore?: Explore;
  /** What chance hangs on where the request explores, instead of who asks and the hour: equal seeds, equal draws. */
  readonly seed?: string;
  /** Whether the plan can be asked for the probability of any item in any place. */
  readonly chances?: boolean;
  /** Whether every hit carries a score, also where similarity alone decides: recommendations do, searches do not. */
  readonly scored?: boolean;
}

/** What an answer goes by: what a person did, what examples look like, what everybody did or what is new, or nothing. */
export const BASES = ['person', 'examples', 'everybody', 'nothing'] as const;
export type Basis = (typeof BASES)[number];

export interface Plan {
  readonly hits: readonly Hit[];
  /** Whether a further page would have anything. */
  readonly more: boolean;
  readonly strategy: string;
  readonly basis: Basis;
  /** Where nothing is shown on the first page: why. */
  readonly noMatch?: NoMatch;
  readonly indexId: string | null;
  readonly modelId: string | null;
  /** Whether this very object is handed out again for as long as nothing changes: what is made of it may be kept by it. */
  readonly settled?: boolean;
  /**
   * Where the request asks for it: the probability that an answer to it has an item in a place, counted from 1; undefined
   * where that is not known, which is below the places that are explored or looked for.
   */
  readonly chanceOf?: (itemId: string, place: number) => number | undefined;
}

/** What the planner needs to know of behaviour. The catalogue's `events` satisfies it. */
export interface Behaviour {
  of(
    collection: string,
    who: { userId: string } | { sessionId: string },
    limit: number,
    kinds?: readonly EventKind[],
  ): Promise<readonly StoredEvent[]>;
  seenBy(collection: string, who: { userId: string } | { sessionId: string }): Promise<ReadonlySet<string>>;
  popular(
    collection: string,
    weights: Readonly<Record<EventKind, number>>,
    limit: number,
  ): Promise<readonly { itemId: string; weight: number }[]>;
  /** How often each item was shown, and chosen: had an event of one of these kinds. */
  evidence(collection: string, chosen: readonly EventKind[]): Promise<ReadonlyMap<string, Evidence>>;
}

/** Answers searches and recommendations alike. Throws REQUEST_INVALID, ITEM_NOT_FOUND, ITEM_NOT_EMBEDDED, VECTOR_INVALID, NOT_CALIBRATED. */
export type Planner = (collection: string, request: PlanRequest) => Promise<Plan>;
