import type { ApiDeps } from './deps.js';
import { Gate } from './gate.js';
import { KeyRing } from './key-ring.js';
import { RateLimit } from './rate-limit.js';
import { newSigningSecret, Signer } from './signer.js';

/** Pictures in memory for embedding, and fetches on the way, at once; and how many requests may wait for either. */
const EMBEDS_AT_ONCE = 4;
const EMBEDS_WAITING = 64;

/** What operations share: the ports, and what was built from them once. */
export interface Context {
  readonly deps: ApiDeps;
  readonly keys: KeyRing;
  readonly rates: RateLimit;
  /** Everything that holds a picture goes through here: beyond it requests are shed with OVERLOADED. */
  readonly embedGate: Gate;
  readonly corsOrigins: ReadonlySet<string>;
  readonly trustsProxy: boolean;
  /** Set once the catalogue has answered; see `signerOf`. */
  signer: Signer | undefined;
  /** Aborted when the server begins to close: streams end then. */
  readonly closing: AbortSignal;
}

export function createContext(deps: ApiDeps, closing: AbortSignal): Context {
  const { settings, now } = deps;
  return {
    deps,
    keys: new KeyRing(deps.catalogue.keys, {
      adminKey: settings.KINDRED_ADMIN_KEY,
      defaultRate: settings.KINDRED_KEY_RATE,
      now,
    }),
    rates: new RateLimit(now),
    embedGate: new Gate(EMBEDS_AT_ONCE, EMBEDS_WAITING),
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

/** The signer of this installation, its secret made once for all processes. Throws CATALOGUE_UNAVAILABLE. */
export async function signerOf(context: Context): Promise<Signer> {
  context.signer ??= new Signer(
    await context.deps.catalogue.installation.getOrCreate('signing-secret', newSigningSecret),
    context.deps.now,
  );
  return context.signer;
}
