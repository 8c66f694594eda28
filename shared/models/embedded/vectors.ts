import { wordsOf } from "./text.ts";

/** How much a word counts; all alike where nothing is known of them. */
export type WordWeight = (word: string) => number;

export const DIMENSIONS = 256;
const GRAM_LENGTHS = [3, 4] as const;
/** A word counts as much as some of its parts: forms of one word are near each other, and typing errors too. */
const GRAM_WEIGHT = 0.4;

/**
 * A vector of a text by feature hashing (https://arxiv.org/abs/0902.2206) of its words and their parts, as fastText
 * takes them (https://arxiv.org/abs/1607.04606): the same for the same text on every machine, and of length one. It knows
 * spelling and no meaning.
 */
export function vectorOf(text: string, weightOf: WordWeight = () => 1): number[] {
  const vector = Array.from({ length: DIMENSIONS }, () => 0);
  for (const word of wordsOf(text)) {
    const weight = weightOf(word);
    add(vector, `=${word}`, weight);
    const framed = `<${word}>`;
    for (const length of GRAM_LENGTHS) {
      for (let start = 0; start + length <= framed.length; start += 1) {
        add(vector, framed.slice(start, start + length), weight * GRAM_WEIGHT);
      }
    }
  }
  const norm = Math.hypot(...vector);
  return norm === 0 ? vector : vector.map((value) => value / norm);
}

/** The cosine of two vectors of length one. */
export function similarity(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

/** Words that many sentences share tell little: their inverse document frequency. */
export function rarity(sentences: readonly string[]): WordWeight {
  const counts = new Map<string, number>();
  for (const sentence of sentences) {
    for (const word of new Set(wordsOf(sentence))) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return (word) => Math.log(1 + sentences.length / (1 + (counts.get(word) ?? 0)));
}

function add(vector: number[], feature: string, weight: number): void {
  const hash = fnv1a(feature);
  const index = hash % DIMENSIONS;
  // Half of what meets in one place cancels itself out, instead of adding up.
  vector[index] = (vector[index] ?? 0) + (hash & 0x80_00_00_00 ? -weight : weight);
}

/** http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93);
  }
  return hash >>> 0;
}
