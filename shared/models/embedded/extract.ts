import { sentencesOf, wordsOf } from "./text.ts";
import { rarity, similarity, vectorOf } from "./vectors.ts";

const NO_ANSWER = "The text holds no answer.";
const MOST_SENTENCES = 3;
/** Below this a sentence shares no more with a question than any other would. */
const LEAST_SIMILARITY = 0.05;

/** The sentence of a text that shares most with a question, word for word; says so where there is none. */
export function answerFrom(text: string, question: string): string {
  const sentences = sentencesOf(text).filter((sentence) => !sentence.endsWith("?"));
  return nearest(sentences, question) ?? NO_ANSWER;
}

/** The few sentences of a text that stand for most of it, in their order. An instruction before a colon is left out. */
export function summaryOf(text: string): string {
  const all = sentencesOf(text);
  const sentences = all.length > 1 && all[0]?.endsWith(":") === true ? all.slice(1) : all;
  const count = Math.min(MOST_SENTENCES, Math.ceil(sentences.length / 4));
  const weightOf = rarity(sentences);
  const whole = vectorOf(text);
  const ranked = sentences
    .map((sentence, index) => ({ index, score: similarity(vectorOf(sentence, weightOf), whole) }))
    .toSorted((a, b) => b.score - a.score || a.index - b.index);
  const chosen = new Set(ranked.slice(0, count).map(({ index }) => index));
  return sentences.filter((_, index) => chosen.has(index)).join(" ");
}

/** The sentence nearest to a question; `undefined` where none is near. */
export function nearest(sentences: readonly string[], question: string): string | undefined {
  const weightOf = rarity(sentences);
  const asked = vectorOf(question, weightOf);
  let best: string | undefined;
  let bestScore = LEAST_SIMILARITY;
  for (const sentence of sentences) {
    const score = similarity(vectorOf(sentence, weightOf), asked);
    if (score > bestScore) [best, bestScore] = [sentence, score];
  }
  return best;
}

/** Which of some labels fits a text: one that stands in it, else the one whose words are most like it. */
export function labelOf(text: string, labels: readonly string[]): string | undefined {
  const words = ` ${wordsOf(text).join(" ")} `;
  const named = labels.find((label) => words.includes(` ${wordsOf(label).join(" ")} `));
  if (named !== undefined) return named;
  const whole = vectorOf(text);
  const scored = labels.map((label) => ({ label, score: similarity(vectorOf(label), whole) }));
  return scored.toSorted((a, b) => b.score - a.score)[0]?.label;
}
