import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { boxOf, boxText } from '../box.js';
import { Problem } from '../problem.js';
import type { Route } from '../route-hash.js';
import { GOOD, onlyGood } from '../state/only-good.js';
import { broughtPicture } from '../state/pictures.js';
import { go } from '../state/route.js';
import { useStore } from '../state/store.js';
import { useAnswer } from '../state/use-answer.js';
import { BackLink } from './back-link.js';
import { BoxedPicture } from './boxed-picture.js';
import { Kin } from './kin.js';

const FORGOTTEN = {
  code: 'PICTURE_FORGOTTEN',
  detail: 'This page was loaded anew, and the picture is no longer here.',
  remedy: 'Drop, paste or choose it once more.',
};

/** The picture somebody brought, beside what is like it or like a part of it. */
export function PicturePage(route: Route & { readonly view: 'picture' }) {
  const { collection, picture } = route;
  const box = boxOf(route.part);
  const brought = broughtPicture(picture);
  const [preview, setPreview] = useState<string | null>();
  useEffect(() => {
    let here = true;
    setPreview(undefined);
    void brought?.preview.then((address) => here && setPreview(address));
    return () => {
      here = false;
    };
  }, [brought]);
  const minConfidence = useStore(onlyGood) ? GOOD : undefined;
  const asked = useAnswer(`${collection}/${picture}/${boxText(box)}/${minConfidence}`, (cursor, signal) => {
    const wish = { cursor, minConfidence };
    if (brought?.file) return api.searchPicture(collection, { picture: brought.file, region: box }, wish, signal);
    if (brought?.imageUrl) return api.search(collection, [{ imageUrl: brought.imageUrl }], wish, signal);
    return Promise.reject(new Problem(FORGOTTEN));
  });
  const name = brought?.name ?? 'A picture';
  return (
    <div class="study">
      <aside class="subject">
        <BackLink collection={collection} />
        {preview ? (
          <BoxedPicture
            preview={preview}
            name={name}
            box={box}
            onBox={(next) => go({ ...route, part: boxText(next) })}
          />
        ) : (
          <div class="hero hero-brought">
            {preview === null ? (
              <span class="quiet">This browser can't show it; the server may still read it.</span>
            ) : null}
          </div>
        )}
        <h1 tabIndex={-1}>{name}</h1>
        <p class="quiet">Your picture is sent to this server, compared, and not kept.</p>
      </aside>
      <Kin
        collection={collection}
        heading={box ? 'Most like the part' : 'Most like it'}
        asked={asked}
        memory={`picture/${picture}`}
        ofOnePicture
        explain={({ itemId }, signal) => {
          if (brought?.file)
            return api.explainPicture(collection, itemId, { picture: brought.file, region: box }, signal);
          if (brought?.imageUrl) return api.explain(collection, itemId, { imageUrl: brought.imageUrl }, signal);
          return Promise.reject(new Problem(FORGOTTEN));
        }}
      />
    </div>
  );
}
