import { type Answer, api, type Hit, type Shown } from '../api.js';
import { titleOf } from '../item-text.js';
import type { Catalogue } from '../state/catalogue.js';
import { type Ask, useAnswer } from '../state/use-answer.js';
import { BackLink } from './back-link.js';
import { ItemPicture } from './item-picture.js';
import { Kin } from './kin.js';
import { Thumbs } from './thumbs.js';

interface TastePageProps {
  readonly collection: string;
  readonly likes: readonly string[];
  readonly dislikes: readonly string[];
  readonly catalogue: Catalogue;
}

interface SideProps {
  readonly collection: string;
  readonly heading: string;
  readonly items: readonly Shown[];
}

function Side({ collection, heading, items }: SideProps) {
  if (items.length === 0) return null;
  return (
    <section class="side">
      <h2>{heading}</h2>
      <ul>
        {items.map((item) => (
          <li key={item.itemId}>
            <span class="side-picture">
              <ItemPicture item={item} />
            </span>
            <span class="side-name">{titleOf(item)}</span>
            <Thumbs collection={collection} itemId={item.itemId} title={titleOf(item)} inGrid />
          </li>
        ))}
      </ul>
    </section>
  );
}

const nothing: Answer = { hits: [], modelId: null, tookMs: 0 };

/** What thumbs up and down add up to. */
export function TastePage({ collection, likes, dislikes, catalogue }: TastePageProps) {
  const examples = [
    ...likes.map((itemId) => ({ itemId, weight: 1 })),
    ...dislikes.map((itemId) => ({ itemId, weight: -1 })),
  ];
  const ask: Ask = (cursor, signal) =>
    examples.length > 0 ? api.recommend(collection, examples, cursor, signal) : Promise.resolve(nothing);
  const asked = useAnswer(JSON.stringify([collection, examples]), ask);
  const itemOf = (itemId: string): Shown => catalogue.byId.get(itemId) ?? { itemId };
  const strongest = ({ explain }: Hit): string | undefined =>
    explain?.because?.find(({ share, itemId }) => share > 0 && itemId !== undefined)?.itemId;
  const because = (hit: Hit): string | undefined => {
    const itemId = strongest(hit);
    return itemId === undefined ? undefined : `like ${titleOf(itemOf(itemId))}`;
  };
  return (
    <div class="study">
      <aside class="subject">
        <BackLink collection={collection} />
        <h1 tabIndex={-1}>Your taste</h1>
        <p class="quiet">Give more thumbs to any picture; the answer follows.</p>
        <Side collection={collection} heading="More like" items={likes.map(itemOf)} />
        <Side collection={collection} heading="Not like" items={dislikes.map(itemOf)} />
      </aside>
      <Kin
        collection={collection}
        heading="You may like"
        asked={asked}
        memory={`taste/${collection}`}
        because={because}
        explain={(hit, signal) => api.explain(collection, hit.itemId, { itemId: strongest(hit) ?? likes[0]! }, signal)}
      />
    </div>
  );
}
