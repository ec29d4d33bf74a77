import { useEffect, useState } from 'preact/hooks';
import { api, type Shown } from '../api.js';
import { titleOf, valueText } from '../item-text.js';
import { Problem } from '../problem.js';
import type { Catalogue } from '../state/catalogue.js';
import { GOOD, onlyGood } from '../state/only-good.js';
import { useStore } from '../state/store.js';
import { useAnswer } from '../state/use-answer.js';
import { BackLink } from './back-link.js';
import { ItemPicture } from './item-picture.js';
import { Kin } from './kin.js';
import { ProblemNote } from './problem-note.js';
import { Thumbs } from './thumbs.js';

interface ItemPageProps {
  readonly collection: string;
  readonly itemId: string;
  readonly catalogue: Catalogue;
}

/** The item from the catalogue in memory; from the server where that has not come so far. */
function useItem(collection: string, itemId: string, catalogue: Catalogue) {
  const held = catalogue.byId.get(itemId);
  const [asked, setAsked] = useState<{ item?: Shown; problem?: Problem }>({});
  const known = held !== undefined;
  useEffect(() => {
    setAsked({});
    if (known) return;
    const aborter = new AbortController();
    api.item(collection, itemId, aborter.signal).then(
      (item) => setAsked({ item }),
      (problem: unknown) => problem instanceof Problem && setAsked({ problem }),
    );
    return () => aborter.abort();
  }, [collection, itemId, known]);
  return held ? { item: held as Shown } : asked;
}

/** One item, large, beside its kin. */
export function ItemPage({ collection, itemId, catalogue }: ItemPageProps) {
  const { item, problem } = useItem(collection, itemId, catalogue);
  const minConfidence = useStore(onlyGood) ? GOOD : undefined;
  const asked = useAnswer(`${collection}/${itemId}/${minConfidence}`, (cursor, signal) =>
    api.search(collection, [{ itemId }], { cursor, minConfidence }, signal),
  );
  const title = item ? titleOf(item) : itemId;
  const facts = Object.entries(item?.attributes ?? {}).filter(([, value]) => valueText(value) !== title);
  return (
    <div class="study">
      <aside class="subject">
        <BackLink collection={collection} />
        <div class="hero">{item ? <ItemPicture key={itemId} item={item} size={512} /> : null}</div>
        <h1 tabIndex={-1}>{title}</h1>
        <Thumbs collection={collection} itemId={itemId} title={title} />
        <dl class="facts">
          {facts.map(([field, value]) => (
            <div key={field}>
              <dt>{field}</dt>
              <dd>{valueText(value)}</dd>
            </div>
          ))}
          {title === itemId ? null : (
            <div>
              <dt>id</dt>
              <dd class="mono">{itemId}</dd>
            </div>
          )}
        </dl>
      </aside>
      {problem ? (
        <ProblemNote problem={problem} />
      ) : (
        <Kin
          collection={collection}
          heading={`Kin of ${title}`}
          asked={asked}
          memory={`kin/${collection}/${itemId}`}
          ofOnePicture
          explain={(hit, signal) => api.explain(collection, hit.itemId, { itemId }, signal)}
        />
      )}
    </div>
  );
}
