// By name: esbuild gives a dynamic import of CommonJS, which this package is in Node, nothing but a default export.
export {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from "@aws-sdk/client-bedrock-runtime";
