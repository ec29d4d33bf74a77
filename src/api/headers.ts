/** Headers that every answer carries, decided once: what helmet would set, as far as it has a meaning for an API. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-DNS-Prefetch-Control': 'off',
  'X-Permitted-Cross-Domain-Policies': 'none',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
};

/** Nothing that the API answers is a page: no scripts, no frames. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** A picture may be an SVG, so it must not run as a page of this origin when somebody opens its address. */
export const PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
/** The page and the docs: everything from this server, styles also from attributes (both set them by script). */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; " +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
