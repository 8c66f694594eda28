// By name: esbuild gives a dynamic import of CommonJS nothing but a default export.
export { Storage } from "@google-cloud/storage";
