import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../src/cli/read-events.js';
import { circleRows } from '../recommend/behaviour/small-histories.js';
import { runKindred } from './run-kindred.js';

const DAY = 86_400_000;

/** 60 people who go round a circle of 20 items; one of them says so by session. */
function logLines(): string[] {
  return circleRows(60, 20, 8).flatMap((row, p) =>
    row.map((item, at) =>
      JSON.stringify({
        ...(p === 0 ? { sessionId: 's' } : { userId: `u${p}` }),
        itemId: `i${item}`,
        kind: 'view',
        time: new Date(at * DAY + p * 1000).toISOString(),
      }),
    ),
  );
}

async function fileOf(name: string, lines: readonly string[]): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'kindred-events-')), name);
  await writeFile(path, lines.join('\n'));
  return path;
}

describe('kindred evaluate recommend', () => {
  it('judges every source, the plain sum and the blend by every protocol', async () => {
    const path = await fileOf('events.ndjson', [...logLines(), 'no event']);
    const { code, stdout, stderr } = await runKindred(['evaluate', 'recommend', path, '--json']);
    expect(stderr).toBe('');
    expect(code).toBe(0);

    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ events: 480, people: 60, items: 20, skipped: 1 });
    expect(found.protocols.map(({ protocol }: { protocol: string }) => protocol)).toEqual([
      'last',
      'last-three',
      'time',
      'random',
    ]);
    const [{ rows }] = found.protocols;
    const of = (what: string) => rows.find((row: { what: string }) => row.what === what);
    expect(of('transitions').hitRate.mean).toBeGreaterThan(of('popularity').hitRate.mean + 0.1);
    expect(of('plain-sum').gainOverPlainSum).toEqual({ mean: 0, low: 0, high: 0 });
    expect(of('blend').gain.low).toBeLessThanOrEqual(of('blend').gain.mean);
    expect(of('content')).toBeUndefined();
  });

  it('says what is wrong with a log that is none', async () => {
    const missing = await runKindred(['evaluate', 'recommend', '/nowhere.csv', '--json']);
    expect(JSON.parse(missing.stdout)).toMatchObject({ error: { code: 'EVENTS_UNREADABLE' } });

    const one = await fileOf('one.ndjson', logLines().slice(0, 1));
    const few = await runKindred(['evaluate', 'recommend', one, '--json']);
    expect(JSON.parse(few.stdout)).toMatchObject({ error: { code: 'EVENTS_TOO_FEW' } });
    expect(few.code).toBe(1);
  });
});

describe('reading events', () => {
  it('takes CSV, times in either form, and names the first line that is no event', async () => {
    const path = await fileOf('events.csv', [
      'userId,itemId,kind,time,shop',
      'ann,lamp,view,1970-01-01T00:00:02,x',
      'ann,sofa,bought,3000,x',
      'ann,7,purchase,4000,x',
      ',rug,view,5000,x',
    ]);

    const { events, skipped, firstSkipped } = await readEvents(path);
    expect(events).toEqual([
      { person: 'user ann', itemId: 'lamp', kind: 'view', time: 2000 },
      { person: 'user ann', itemId: '7', kind: 'purchase', time: 4000 },
    ]);
    expect(skipped).toBe(2);
    expect(firstSkipped).toMatch(/entry 2: .*kind/);
  });
});
