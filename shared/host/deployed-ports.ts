import {
  type ActionDriver,
  type Ports,
  publicSettings,
  type ServicePorts,
  type Settings,
  ungranted,
} from "#shared/function";
import { apiKeyIdentity } from "#shared/identity";

/** What every deployed function has, and those services that its definition needs. */
export type DeployedServices = Pick<Ports, "clock" | "random" | "telemetry"> &
  Partial<Omit<ServicePorts, "actions">>;

/**
 * The ports of a deployed function, the same on every cloud: services it was not granted refuse every call, callers
 * are identified by the API keys in the vault, and settings are those of the environment that are ours and no secret. `actionsOf` makes the way to actions, for who calls any.
 */
export function deployedPorts(
  environment: Settings,
  services: DeployedServices,
  actionsOf: (ports: Pick<Ports, "secrets" | "clock" | "random">) => ActionDriver = () =>
    ungranted.actions,
): Ports {
  const ports = { ...ungranted, ...services };
  return {
    ...ports,
    actions: actionsOf(ports),
    identity: apiKeyIdentity(ports),
    settings: publicSettings(environment),
  };
}
