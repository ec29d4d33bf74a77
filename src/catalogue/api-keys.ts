import { randomBytes } from 'node:crypto';
import { fingerprint } from '../core/fingerprint.js';
import type { ApiKey, ApiKeys } from './catalogue.js';
import type { Database, Schema } from './schema.js';
import type { Write } from './write.js';
import type { Writer } from './writer.js';

type KeyRow = Schema['api_keys'];

/** So that a secret is known for one wherever it turns up. */
const SECRET_PREFIX = 'kin_';

const toKey = (row: KeyRow): ApiKey => ({
  keyId: row.key_id,
  name: row.name,
  scopes: JSON.parse(row.scopes) as ApiKey['scopes'],
  collections: row.collections === null ? null : (JSON.parse(row.collections) as string[]),
  ratePerSecond: row.rate_per_second,
  createdAt: row.created_at,
  revokedAt: row.revoked_at,
});

export interface NewKey {
  readonly keyId: string;
  readonly secretHash: string;
  readonly key: Parameters<ApiKeys['create']>[0];
}

/** Stores what a key may do and the hash of its secret; the secret itself never comes here. */
export const createKey: Write<NewKey, ApiKey> = async (trx, { keyId, secretHash, key }, { now }) => {
  const row: KeyRow = {
    key_id: keyId,
    name: key.name,
    scopes: JSON.stringify(key.scopes),
    collections: key.collections === null ? null : JSON.stringify(key.collections),
    rate_per_second: key.ratePerSecond,
    secret_hash: secretHash,
    created_at: now,
    revoked_at: null,
  };
  await trx.insertInto('api_keys').values(row).execute();
  return toKey(row);
};

export const revokeKey: Write<{ keyId: string }, boolean> = async (trx, { keyId }, { now }) => {
  const gone = await trx
    .updateTable('api_keys')
    .set({ revoked_at: now })
    .where('key_id', '=', keyId)
    .where('revoked_at', 'is', null)
    .returning('key_id')
    .execute();
  return gone.length > 0;
};

export function apiKeys(db: Database, writer: Writer, ids: () => string): ApiKeys {
  const valid = () => db.selectFrom('api_keys').selectAll().where('revoked_at', 'is', null);
  return {
    async create(key) {
      const secret = SECRET_PREFIX + randomBytes(32).toString('base64url');
      const stored = await writer.run('keys.create', { keyId: ids(), secretHash: fingerprint(secret), key });
      return { key: stored, secret };
    },
    async find(secretHash) {
      const row = await valid().where('secret_hash', '=', secretHash).executeTakeFirst();
      return row && toKey(row);
    },
    async list() {
      const rows = await db.selectFrom('api_keys').selectAll().orderBy('created_at').orderBy('key_id').execute();
      return rows.map(toKey);
    },
    revoke: (keyId) => writer.run('keys.revoke', { keyId }),
    any: async () => (await valid().limit(1).execute()).length > 0,
  };
}
