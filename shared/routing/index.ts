export { costUsd, type PriceBook, type Usage } from "./price-book.ts";
