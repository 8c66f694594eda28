import { Fault } from "#shared/errors";

/** Settings of a deployment by name, as a process's environment holds them. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** A setting that must be there. Throws `failed_precondition` naming it and what it is for. */
export function requiredSetting(settings: Settings, name: string, purpose: string): string {
  const value = settings[name];
  if (value !== undefined && value !== "") return value;
  throw new Fault(
    "failed_precondition",
    `settings.read: ${name} is not set; it names ${purpose}, and the deployment has to set it`,
  );
}

/** One of a few values; the first where the setting is missing. Throws `failed_precondition` for another one. */
export function chosenSetting<const C extends readonly [string, ...string[]]>(
  settings: Settings,
  name: string,
  choices: C,
): C[number] {
  const value = settings[name] ?? choices[0];
  const choice = choices.find((candidate) => candidate === value);
  if (choice !== undefined) return choice;
  throw new Fault(
    "failed_precondition",
    `settings.read: ${name} is none of the drivers there are; use ${choices.join(" or ")}`,
  );
}

/** What of a process's environment is ours, without what is or may hold a secret: an account may be one by its key. */
const SECRET = /^AUTERITY_(?:SECRET|TOKEN|DATA)|_(?:ACCOUNT|KEY)$/;

/** The settings that functions may see. */
export function publicSettings(environment: Settings): Settings {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => name.startsWith("AUTERITY_") && !SECRET.test(name),
    ),
  );
}
