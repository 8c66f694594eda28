// What works on images, as one chunk.
export { readAttached, readPredicate } from "./attestations.ts";
export { copyTree, copySignatures } from "./copying.ts";
export {
  accessFor,
  deleteManifest,
  openRegistry,
  readBlob,
  readManifest,
  writeManifest,
} from "./registry.ts";
export { assess } from "./signatures.ts";
