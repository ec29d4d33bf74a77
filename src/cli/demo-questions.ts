import type { DemoCatalogue } from './demo-catalogue.js';

/** What a question is answered with. `similarity` is absent where nothing was compared. */
export interface DemoHit {
  readonly itemId: string;
  readonly similarity?: number;
}

export interface DemoAnswer {
  readonly ask: string;
  readonly hits: readonly DemoHit[];
}

interface Question {
  readonly ask: string;
  readonly answer: (ask: Asker) => Promise<readonly DemoHit[]>;
}

/** A running server, seen through its API alone. */
export interface Asker {
  /** Throws an Error with the server's own words where it refuses. */
  post(path: string, body: unknown): Promise<unknown>;
  get(path: string): Promise<unknown>;
  readonly catalogue: DemoCatalogue;
}

const HITS = 6;
const AT = '/v1/collections/default';

const hitsOf = (answer: unknown): DemoHit[] =>
  (answer as { hits: DemoHit[] }).hits.map(({ itemId, similarity }) => ({
    itemId,
    ...(similarity === undefined ? {} : { similarity }),
  }));

const similarTo = (ask: string, itemId: string): Question => ({
  ask,
  answer: async (asker) => hitsOf(await asker.get(`${AT}/items/${itemId}/similar?k=${HITS}`)),
});

const drawnBy = (ask: string, style: Parameters<DemoCatalogue['otherStyle']>[1], codepoint: string): Question => ({
  ask,
  async answer(asker) {
    const image = (await asker.catalogue.otherStyle(codepoint, style)).toString('base64');
    return hitsOf(await asker.post(`${AT}/search`, { examples: [{ image }], k: HITS }));
  },
});

const thumbs = (ask: string, up: readonly string[], down: readonly string[]): Question => ({
  ask,
  async answer(asker) {
    const examples = [
      ...up.map((itemId) => ({ itemId, weight: 1 })),
      ...down.map((itemId) => ({ itemId, weight: -1 })),
    ];
    return hitsOf(await asker.post(`${AT}/recommendations`, { examples, k: HITS }));
  },
});

const history = (ask: string, userId: string, clicked: readonly string[]): Question => ({
  ask,
  async answer(asker) {
    const events = clicked.map((itemId, i) => ({
      userId,
      itemId,
      kind: 'click',
      time: Date.UTC(2026, 0, 1, 12, i),
      eventId: `demo-${userId}-${i}`,
    }));
    if (events.length > 0) await asker.post(`${AT}/events`, events);
    return hitsOf(await asker.post(`${AT}/recommendations`, { user: userId, k: HITS }));
  },
});

/** What the demo asks: by id, by a drawing in another style, by thumbs, and for people. */
export const DEMO_QUESTIONS: readonly Question[] = [
  similarTo('What is like the red apple?', '1f34e'),
  similarTo('What is like the cat face?', '1f431'),
  similarTo('What is like the automobile?', '1f697'),
  similarTo('What is like the blue heart?', '1f499'),
  similarTo('What is like four o’clock?', '1f553'),
  drawnBy('Twemoji’s pizza, uploaded', 'twemoji', '1f355'),
  drawnBy('Noto’s dog face, uploaded', 'noto', '1f436'),
  drawnBy('OpenMoji’s strawberry, uploaded', 'openmoji', '1f353'),
  drawnBy('Fluent’s flat soccer ball, uploaded', 'fluent-flat', '26bd'),
  thumbs('Thumbs up for apple and strawberry, down for green apple', ['1f34e', '1f353'], ['1f34f']),
  thumbs('Thumbs up for three animal faces, down for the pig', ['1f431', '1f436', '1f98a'], ['1f437']),
  {
    ask: 'What is like the red apple, among animals only?',
    answer: async (asker) =>
      hitsOf(
        await asker.post(`${AT}/search`, {
          examples: [{ itemId: '1f34e' }],
          filter: { group: 'animals-nature' },
          k: HITS,
        }),
      ),
  },
  history('For Ada, who clicked on vehicles', 'ada', ['1f697', '1f695', '1f68c']),
  history('For Grace, who clicked on hearts', 'grace', ['2764', '1f499', '1f49a']),
  history('For somebody nobody knows', 'stranger', []),
];

/** Asks every question in turn. */
export async function askAll(asker: Asker): Promise<DemoAnswer[]> {
  const answers: DemoAnswer[] = [];
  for (const { ask, answer } of DEMO_QUESTIONS) answers.push({ ask, hits: await answer(asker) });
  return answers;
}
