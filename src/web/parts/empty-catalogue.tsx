import { useState } from 'preact/hooks';
import { announce } from '../state/announcement.js';
import { Icon } from './icon.js';

function Command({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard?.writeText(text).then(() => {
      setCopied(true);
      announce('Copied');
    });
  };
  return (
    <div class="command">
      <pre>
        <code>{text}</code>
      </pre>
      <button type="button" class="icon-button" aria-label="Copy this command" onClick={copy}>
        {copied ? <span class="copied">Copied</span> : <Icon name="copy" />}
      </button>
    </div>
  );
}

/** What to do while there is nothing to see. */
export function EmptyCatalogue({ collection }: { readonly collection: string }) {
  const put = `curl -X PUT ${location.origin}/v1/collections/${encodeURIComponent(collection)}/items/my-first \\
  -F image=@picture.jpg -F 'attributes={"name": "My first"}'`;
  return (
    <section class="empty">
      <h1 tabIndex={-1}>An empty catalogue</h1>
      <p class="lead">Bring pictures in any of these ways. This page fills by itself as they arrive.</p>
      <h2>See it with the drawings that npm ci brings</h2>
      <Command text="npm run demo -- --pretrained" />
      <h2>Teach an encoder your own folder, then serve it</h2>
      <Command text="npx kindred train ./my-pictures && npx kindred serve" />
      <h2>Add one picture over HTTP</h2>
      <Command text={put} />
      <p class="quiet">
        Every address is described at <a href="/docs">/docs</a>.
      </p>
    </section>
  );
}
