// By name: esbuild gives a dynamic import of CommonJS, which this package is, nothing but a default export.
export { v1 } from "@google-cloud/pubsub";
