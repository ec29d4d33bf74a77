import type { Request } from 'express';
import { SCOPES } from '../catalogue/catalogue.js';
import { AppError } from '../errors.js';
import type { Context } from './context.js';
import { signerOf } from './context.js';
import type { RouteSpec } from './contract/route.js';
import type { Caller } from './key-ring.js';

/** Requests a second and address for reads without a key; pictures, many to a page, have a bound of their own. */
const PUBLIC_RATE = 50;
const PICTURE_RATE = 500;

const EVERYBODY: Caller = { keyId: null, scopes: SCOPES, collections: null, ratePerSecond: null };
const PUBLIC: Caller = { keyId: null, scopes: ['search'], collections: null, ratePerSecond: null };

/**
 * Who asks, if they may. Throws UNAUTHENTICATED, FORBIDDEN or RATE_LIMITED. Without any key everybody the guard let in
 * may do everything.
 */
export async function allow(
  context: Context,
  route: RouteSpec,
  request: Request,
  params: { readonly collection?: string; readonly itemId?: string },
): Promise<Caller> {
  if (route.scope === 'open') return PUBLIC;
  const exist = context.keys.exist();
  if (!(typeof exist === 'boolean' ? exist : await exist)) return EVERYBODY;

  const secret = bearer(request);
  if (secret === undefined) return withoutKey(context, route, request, params);
  const found = context.keys.holder(secret);
  const caller = found instanceof Promise ? await found : found;
  if (!caller) {
    context.rates.take(`unknown ${request.ip}`, PUBLIC_RATE);
    throw new AppError('UNAUTHENTICATED', {});
  }
  if (caller.ratePerSecond !== null) context.rates.take(`key ${caller.keyId}`, caller.ratePerSecond);
  permit(route, caller, params.collection);
  return caller;
}

async function withoutKey(
  context: Context,
  route: RouteSpec,
  request: Request,
  params: { readonly collection?: string; readonly itemId?: string },
): Promise<Caller> {
  const isPicture = route.scope === 'picture';
  if (context.deps.settings.KINDRED_PUBLIC_READ && (isPicture || route.scope === 'search')) {
    context.rates.take(`${isPicture ? 'picture' : 'public'} ${request.ip}`, isPicture ? PICTURE_RATE : PUBLIC_RATE);
    return PUBLIC;
  }
  if (isPicture) {
    context.rates.take(`picture ${request.ip}`, PICTURE_RATE);
    const query = new URLSearchParams(request.url.split('?')[1]);
    const given = { expires: query.get('expires') ?? undefined, signature: query.get('signature') ?? undefined };
    const signer = await signerOf(context);
    if (signer.mayShow(params.collection ?? '', params.itemId ?? '', given)) return PUBLIC;
  }
  context.rates.take(`unknown ${request.ip}`, PUBLIC_RATE);
  throw new AppError('UNAUTHENTICATED', {});
}

function permit(route: RouteSpec, caller: Caller, collection: string | undefined): void {
  const scope = route.scope === 'picture' ? 'search' : route.scope;
  if (scope !== 'key' && scope !== 'open' && !caller.scopes.includes(scope))
    throw new AppError('FORBIDDEN', { why: `This key has no scope "${scope}".` });
  if (collection !== undefined && !mayUse(caller, collection))
    throw new AppError('FORBIDDEN', { why: `This key is not for collection "${collection}".` });
}

/** Whether a caller's key is for this collection. */
export const mayUse = (caller: Caller, collection: string): boolean =>
  caller.collections === null || caller.collections.includes(collection);

function bearer(request: Request): string | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const secret = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(header)?.[1];
  if (secret === undefined) throw new AppError('UNAUTHENTICATED', {});
  return secret;
}
