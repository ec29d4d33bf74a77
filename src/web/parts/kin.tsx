import { useEffect, useState } from 'preact/hooks';
import type { Hit } from '../api.js';
import { plural } from '../item-text.js';
import { announce } from '../state/announcement.js';
import { onlyGood } from '../state/only-good.js';
import { go } from '../state/route.js';
import { useStore } from '../state/store.js';
import type { Asked } from '../state/use-answer.js';
import { ProblemNote } from './problem-note.js';
import { TileGrid } from './tile-grid.js';
import { type Explain, Why } from './why.js';

interface KinProps {
  readonly collection: string;
  readonly heading: string;
  readonly asked: Asked;
  readonly memory: string;
  readonly because?: (hit: Hit) => string | undefined;
  /** Only then does a confidence say how often it is the same picture: a mixture of examples is like no picture. */
  readonly ofOnePicture?: boolean;
  readonly explain: Explain;
}

/** The answer to a question: hits with their similarities, page by page. */
export function Kin({
  collection,
  heading,
  asked: { answer, problem, more },
  memory,
  because,
  ofOnePicture = false,
  explain,
}: KinProps) {
  const [why, setWhy] = useState<Hit>();
  const found = answer?.hits.length;
  const only = useStore(onlyGood);
  const sure = ofOnePicture && (answer?.hits.some(({ confidence }) => confidence !== undefined) ?? false);
  const noMatch = answer?.noMatch?.detail;
  useEffect(() => {
    if (found !== undefined)
      announce(`${heading}: ${found === 0 && noMatch ? noMatch : plural(found, 'picture', 'pictures')}`);
  }, [found, heading, noMatch]);
  return (
    <section class="kin" aria-busy={!answer && !problem}>
      <h2>{heading}</h2>
      {ofOnePicture && (sure || only) ? (
        <label class="only-good">
          <input type="checkbox" checked={only} onChange={({ currentTarget }) => onlyGood.set(currentTarget.checked)} />
          Only good matches
        </label>
      ) : null}
      {problem ? <ProblemNote problem={problem} /> : null}
      {!answer && !problem ? <div class="skeletons" aria-hidden="true" /> : null}
      {answer && answer.hits.length === 0 ? <p class="quiet">{noMatch ?? 'Nothing here is like it yet.'}</p> : null}
      {answer && answer.hits.length > 0 ? (
        <TileGrid
          collection={collection}
          label={heading}
          hits={answer.hits}
          memory={memory}
          sure={sure}
          {...(because ? { because } : {})}
          onWhy={setWhy}
          onOpen={({ itemId }) => go({ view: 'item', collection, itemId })}
        />
      ) : null}
      {more ? (
        <button type="button" class="button more" onClick={more}>
          Show more
        </button>
      ) : null}
      {why ? <Why hit={why} explain={explain} onClose={() => setWhy(undefined)} /> : null}
      {answer ? (
        <details class="measure">
          <summary>What the figures mean</summary>
          <p>
            The encoder turns each picture into a direction. The figure is the cosine between two directions: 100% is
            the same picture to it, 0% is nothing in common.
            {sure
              ? ' Below it stands how sure it is that both are one picture, measured on the pictures of this collection: of as many copies as nearest other pictures that are this alike, so many are copies. A match is good from 50% on.'
              : ''}
            {answer.modelId ? ` Answered by ${answer.modelId} in ${answer.tookMs.toFixed(1)} ms.` : ''}
          </p>
        </details>
      ) : null}
    </section>
  );
}
