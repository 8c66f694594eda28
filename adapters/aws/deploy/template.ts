/** A value of a CloudFormation template. */
export type Value = string | number | boolean | readonly Value[] | Properties;

/** Properties by name; `undefined` ones are left out. */
export type Properties = { readonly [name: string]: Value | undefined };

/** A resource of a template, by its logical id. */
export type Resource = {
  readonly id: string;
  readonly Type: string;
  readonly DeletionPolicy?: "Retain";
  readonly UpdateReplacePolicy?: "Retain";
  readonly Properties: Properties;
};

/** What a resource that holds data needs so that no deployment deletes it. */
export const kept = { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" } as const;

/** The logical id of a resource for one of ours: `pulse-fold`, `Queue` is `PulseFoldQueue`. */
export function logicalId(name: string, kind: string): string {
  const words = name.split(/[^A-Za-z0-9]+/);
  return `${words.map((word) => word.replace(/^./, (first) => first.toUpperCase())).join("")}${kind}`;
}

/** The logical id that the Serverless Framework gives a function: https://www.serverless.com/framework/docs/providers/aws/guide/resources */
export function functionId(name: string): string {
  const normal = name.replaceAll("-", "Dash").replace(/^./, (first) => first.toUpperCase());
  return `${normal}LambdaFunction`;
}

/** The ARN of a resource of this template. */
export function arnOf(id: string): Properties {
  return attribute(id, "Arn");
}

/** An attribute of a resource of this template. */
export function attribute(id: string, name: string): Properties {
  return { "Fn::GetAtt": [id, name] };
}

/** A text in which `${AWS::Region}` and its like are replaced when the stack is made. */
export function sub(text: string): Properties {
  return { "Fn::Sub": text };
}

/** The policy of a role that a service takes on. */
export function trust(service: string): Properties {
  return {
    Version: POLICY_VERSION,
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: ["sts:AssumeRole"] }],
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html */
export const POLICY_VERSION = "2012-10-17";
