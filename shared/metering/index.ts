export { encodeLines } from "./encode-lines.ts";
export { PICO_PER_USD, toPicoUsd, toUsd } from "./money.ts";
export { type LoadOperations, tellUse, withUse } from "./tell-use.ts";
export { sumPicoUsd, useLines } from "./use-lines.ts";
