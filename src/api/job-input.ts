import type { Json } from '../catalogue/catalogue.js';

/** What a request asks of a job, without the fields it left out: equal wishes are equal inputs. */
export function jobInput(body: Readonly<Record<string, string | number | undefined>>): Json {
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );
}
