// By name: esbuild gives a dynamic import of CommonJS, which this package is in Node, nothing but a default export.
export {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
