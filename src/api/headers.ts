import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';

/**
 * What helmet sets, asked of it once: as a middleware it would work the same constants out for every answer. The policies
 * below stand for its content security policy; transport security belongs to whoever terminates TLS; pictures may be
 * shown by pages that CORS lets in.
 */
function askHelmet(): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const ask = helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    crossOriginResourcePolicy: false,
    xFrameOptions: { action: 'deny' },
  });
  // helmet only ever sets and removes headers of the response.
  const response = {
    setHeader(name: string, value: string) {
      headers[name] = value;
    },
    removeHeader() {},
  };
  ask({} as IncomingMessage, response as unknown as ServerResponse, () => {});
  return headers;
}

/** Headers that every answer carries, decided once. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = askHelmet();

/** Nothing that the API answers is a page: no scripts, no frames. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** A picture may be an SVG, so it must not run as a page of this origin when somebody opens its address. */
export const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
/** The page and the docs: everything from this server, styles also from attributes (both set them by script). */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; " +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
