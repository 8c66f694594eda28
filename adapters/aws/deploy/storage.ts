import type { DeployBucket, DeployManifest } from "#shared/plan";
import type { AwsNames } from "./names.ts";
import { kept, logicalId, type Resource, sub } from "./template.ts";

/** The table of all stores, where there are any, and the buckets. Deployments delete neither. */
export function storageOf(
  { stores, buckets }: DeployManifest,
  names: AwsNames,
): readonly Resource[] {
  const table = stores.length === 0 ? [] : [tableOf(names)];
  return [...table, ...buckets.map((bucket) => bucketOf(bucket, names))];
}

/** Keys and the expiry's attribute are the driver's. */
function tableOf({ deployment }: AwsNames): Resource {
  return {
    id: "StateTable",
    Type: "AWS::DynamoDB::Table",
    ...kept,
    Properties: {
      TableName: deployment,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      TimeToLiveSpecification: { AttributeName: "expiresAtSeconds", Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html */
function bucketOf({ name, ttlDays }: DeployBucket, { bucketPrefix }: AwsNames): Resource {
  const expiry =
    ttlDays === undefined ? [] : [{ Id: "expire", Status: "Enabled", ExpirationInDays: ttlDays }];
  return {
    id: logicalId(name, "Bucket"),
    Type: "AWS::S3::Bucket",
    ...kept,
    Properties: {
      BucketName: sub(`${bucketPrefix}${name}`),
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      LifecycleConfiguration: {
        Rules: [
          {
            Id: "uploads",
            Status: "Enabled",
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
          ...expiry,
        ],
      },
    },
  };
}
