// By name: esbuild gives a dynamic import of CommonJS, which this package is, nothing but a default export.
export { credentials } from "@grpc/grpc-js";
