import type { CheckAnswer } from '../../src/api/run-handler.js';

/** The table's word for every JSON answer: its status is in the row, and its body is as the row says. */
export const checkAnswer: CheckAnswer = (route, { status, body, text }) => {
  const spec = route.answers[status];
  if (text !== undefined && text !== JSON.stringify(body))
    throw new TypeError('The text of an answer is not its body.');
  if (!spec) throw new TypeError(`${route.operationId} answered ${status}, which is not in its row.`);
  if (!spec.schema) {
    if (body !== undefined) throw new TypeError(`${route.operationId} answered a body its row does not know.`);
    return;
  }
  spec.schema.parse(JSON.parse(JSON.stringify(body)));
};
