import type { LintCloud, PhysicalName, Subject } from "#shared/plan";
import aws from "../../adapters/aws/adapter.ts";
import azure from "../../adapters/azure/adapter.ts";
import { vaultName } from "../../adapters/azure/drivers/secrets-key-vault.ts";
import gcp from "../../adapters/gcp/adapter.ts";

type Naming = (name: string) => PhysicalName;
type Namings = Partial<Record<Subject["kind"], Naming>>;

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html */
const awsNames: Namings = {
  secret: (name) => ({ name, pattern: /^[A-Za-z0-9/_+=.@-]{1,512}$/ }),
};

/** https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates */
const azureNames: Namings = {
  secret: (name) => ({ name: vaultName(name), pattern: /^[0-9a-zA-Z-]{1,127}$/ }),
};

/** https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create */
const gcpNames: Namings = {
  secret: (name) => ({ name: name.replaceAll("/", "_"), pattern: /^[A-Za-z0-9_-]{1,255}$/ }),
};

/** What the rules need to know of the three clouds. */
export const clouds: readonly LintCloud[] = [
  {
    target: "aws",
    limits: aws.limits,
    schedule: aws.codecs.schedule,
    physicalName: by(awsNames),
    // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    maxEnvironmentBytes: 4_096,
  },
  {
    target: "azure",
    limits: azure.limits,
    schedule: azure.codecs.schedule,
    physicalName: by(azureNames),
    // Windows' block of a process's environment, which the portal's check follows too.
    maxEnvironmentBytes: 32_767,
  },
  {
    target: "gcp",
    limits: gcp.limits,
    schedule: gcp.codecs.schedule,
    physicalName: by(gcpNames),
    // https://cloud.google.com/functions/quotas
    maxEnvironmentBytes: 32_768,
  },
];

function by(namings: Namings): LintCloud["physicalName"] {
  return ({ kind, name }) => namings[kind]?.(name);
}
