const WORD = /[\p{L}\p{N}]+/gu;
const TOKEN = /\p{L}+|\p{N}+|[^\s\p{L}\p{N}]/gu;

/** The words of a text in order, in one case and one Unicode form. */
export function wordsOf(text: string): string[] {
  return text.normalize("NFKC").toLowerCase().match(WORD) ?? [];
}

/** The words of an identifier: `orderId` and `order_id` are "order id". */
export function wordsOfName(name: string): string[] {
  return wordsOf(name.replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2").replaceAll("_", " "));
}

/** How many words, numbers and marks a text has: what this method counts as tokens. */
export function countTokens(text: string): number {
  return text.match(TOKEN)?.length ?? 0;
}

/** The beginning of a text, of so many tokens. */
export function firstTokens(text: string, count: number): string {
  let left = count;
  for (const { index } of text.matchAll(TOKEN)) {
    if (left === 0) return text.slice(0, index).trimEnd();
    left -= 1;
  }
  return text;
}

/** Sentences by the rules of Unicode (https://www.unicode.org/reports/tr29/); a new line ends one too. */
export function sentencesOf(text: string): string[] {
  const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });
  return text
    .split("\n")
    .flatMap((line) => [...segmenter.segment(line)].map(({ segment }) => segment.trim()))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}
