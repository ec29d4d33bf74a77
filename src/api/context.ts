import { AppError } from '../errors.js';
import type { ApiDeps } from './deps.js';
import { Gate } from './gate.js';
import { KeyRing } from './key-ring.js';
import { MemoryBudget } from './memory-budget.js';
import { RateLimit } from './rate-limit.js';
import { newSigningSecret, Signer } from './signer.js';

/** Requests that embed at once and wait for it; the encoder itself has one thread. */
const EMBEDS = { atOnce: 4, waiting: 64 };
/** Addresses that are fetched at once and wait for it: slow servers elsewhere must not hold up embedding. */
const FETCHES = { atOnce: 16, waiting: 128 };
/** Requests that walk a collection at once and wait for it: each has a turn of the event loop an item. */
const WALKS = { atOnce: 2, waiting: 16 };
const BODIES: BodyBounds = { keptBytes: 512 * 1_048_576, idleMs: 30_000 };

/** How much of others' bodies is waited for and kept. */
export interface BodyBounds {
  /** Bytes of large bodies that all requests in work keep together; beyond it they are shed (512 MiB). */
  readonly keptBytes: number;
  /** Longest pause within a body, in ms (30 s). */
  readonly idleMs: number;
}

/** What operations share: the ports, and what was built from them once. */
export interface Context {
  readonly deps: ApiDeps;
  readonly keys: KeyRing;
  readonly rates: RateLimit;
  /** Beyond these, requests are shed with OVERLOADED. */
  readonly embedGate: Gate;
  readonly fetchGate: Gate;
  readonly walkGate: Gate;
  readonly memory: MemoryBudget;
  readonly idleMs: number;
  readonly corsOrigins: ReadonlySet<string>;
  readonly trustsProxy: boolean;
  /** Set once the catalogue has answered; see `signerOf`. */
  signer: Signer | undefined;
  /** Aborted when the server begins to close: streams end then. */
  readonly closing: AbortSignal;
}

export function createContext(deps: ApiDeps, closing: AbortSignal, bounds: Partial<BodyBounds> = {}): Context {
  const { settings, now } = deps;
  const { keptBytes, idleMs } = { ...BODIES, ...bounds };
  const embedGate = new Gate(EMBEDS);
  const memory = new MemoryBudget(keptBytes);
  deps.metrics.gauge('kindred_embeds_in_progress', 'Requests that embed pictures now.', () => embedGate.inside);
  deps.metrics.gauge('kindred_body_bytes', 'Bytes of large bodies in memory.', () => memory.heldBytes);
  return {
    deps,
    keys: new KeyRing(deps.catalogue.keys, {
      adminKey: settings.KINDRED_ADMIN_KEY,
      defaultRate: settings.KINDRED_KEY_RATE,
      now,
    }),
    rates: new RateLimit(now),
    embedGate,
    fetchGate: new Gate(FETCHES),
    walkGate: new Gate(WALKS),
    memory,
    idleMs,
    corsOrigins: new Set(
      settings.KINDRED_CORS_ORIGINS.split(',')
        .map((part) => part.trim())
        .filter(Boolean),
    ),
    trustsProxy: settings.KINDRED_TRUST_PROXY !== undefined,
    signer: undefined,
    closing,
  };
}

/**
 * The signer of this installation, its secret made once for all processes. Where a full disk can't keep the secret yet,
 * reads must not fail for it: this process signs with one of its own, which its next start replaces. Throws
 * CATALOGUE_UNAVAILABLE.
 */
export async function signerOf(context: Context): Promise<Signer> {
  if (context.signer) return context.signer;
  const secret = await context.deps.catalogue.installation
    .getOrCreate('signing-secret', newSigningSecret)
    .catch((cause: unknown) => {
      if (!(cause instanceof AppError && cause.code === 'DISK_FULL')) throw cause;
      context.deps.log.warn({ code: cause.code }, 'the signing secret could not be kept; this process uses its own');
      return newSigningSecret();
    });
  context.signer ??= new Signer(secret, context.deps.now);
  return context.signer;
}
