import { Fault } from "#shared/errors";

/** Models are there locally only: no renderer makes what a deployed function would ask them by. */
export function modelsNotDeployed(name: string): Fault {
  return new Fault(
    "unimplemented",
    `plan.permissions: models "${name}" cannot be deployed yet; leave out the grant`,
  );
}
