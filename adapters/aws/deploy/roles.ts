import type { DeployFunction } from "#shared/plan";
import type { AwsOptions } from "./names.ts";
import { leadingKeys, type Statement, statementsOf } from "./permissions.ts";
import {
  logicalId,
  POLICY_VERSION,
  type Properties,
  type Resource,
  sub,
  trust,
} from "./template.ts";

/** The logical id of the role that a function runs as. */
export function roleId(name: string): string {
  return logicalId(name, "Role");
}

/** A role of its own for a function, which allows exactly what its definition grants it. */
export function roleOf(definition: DeployFunction, options: AwsOptions): Resource {
  return {
    id: roleId(definition.name),
    Type: "AWS::IAM::Role",
    Properties: {
      AssumeRolePolicyDocument: trust("lambda.amazonaws.com"),
      Policies: [
        {
          PolicyName: "uses",
          PolicyDocument: {
            Version: POLICY_VERSION,
            Statement: statementsOf(definition, options).map(statementOf),
          },
        },
      ],
    },
  };
}

/** The keys' condition also holds for a request without keys, which the second one rules out. */
function statementOf({ resource, actions, store }: Statement): Properties {
  return {
    Effect: "Allow",
    Action: actions,
    Resource: [sub(resource)],
    ...(store === undefined
      ? {}
      : {
          Condition: {
            "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [leadingKeys(store)] },
            Null: { "dynamodb:LeadingKeys": "false" },
          },
        }),
  };
}
