import { useState } from 'preact/hooks';
import { useKey } from '../state/connection.js';

/** Asks for a key where the server wants one. */
export function KeyForm({ refused }: { readonly refused: boolean }) {
  const [key, setKey] = useState('');
  return (
    <form
      class="key-form"
      onSubmit={(event) => {
        event.preventDefault();
        useKey(key.trim());
      }}
    >
      <h1 tabIndex={-1}>This catalogue is locked</h1>
      <p class="quiet">Enter a key with the scope “search”. It stays in this tab and is gone when you close it.</p>
      <label>
        Key
        <input
          type="password"
          autocomplete="off"
          required
          value={key}
          aria-invalid={refused}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
      </label>
      {refused ? (
        <p class="problem-what" role="alert">
          The server does not know this key.
        </p>
      ) : null}
      <button type="submit" class="button">
        Open
      </button>
    </form>
  );
}
