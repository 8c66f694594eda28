import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { openDataFolder } from "../adapters/local/data-folder.ts";
import { deleteSecret, setSecret } from "../adapters/local/secrets/edit-secrets.ts";
import { addMasterKey } from "../adapters/local/secrets/master-keys.ts";
import { readSecrets } from "../adapters/local/secrets/secret-file.ts";

/** What the command line works with; a test's own in a test. */
export type Surroundings = {
  readonly folder: string;
  /** Reads the value that is set: all of standard input. */
  readonly input: () => Promise<string>;
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
};

const USAGE =
  "usage: npm run secret -- set <name> | list | delete <name> | new-master-key | --help";

const HELP = `${USAGE}

Keeps secrets of the local runtime in secrets.enc of the data folder, encrypted with the key beside it (secrets.key).
Both belong to you alone; whoever has both can read the secrets, so back them up apart from each other.

  set <name>      stores what comes from standard input, without the line's end; a running product takes the new value
                  within five minutes. The value is never an argument: those are in the shell's history.
  list            names and versions, never values
  delete <name>   forgets a secret
  new-master-key  puts a new master key before the present ones; connections are sealed with data keys that it wraps.
                  "npm run connect -- --list" wraps the data key anew, and only then may an old line be taken out

names
  connections/default/<integration>/default/<field>    a field of an integration's connection
  any other name in kebab-case                         a secret that a function declares

  npm run secret -- set connections/default/slack/default/token < token.txt

environment
  AUTERITY_DATA                          the data folder (default .auterity)
  AUTERITY_SECRET_<INTEGRATION>_<FIELD>  comes before what is stored here`;

/** The command line of `npm run secret`; gives the exit code. */
export async function main(args: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await run(args, around);
  } catch (error) {
    around.complain(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

async function run(args: readonly string[], around: Surroundings): Promise<number> {
  const [command, name, ...more] = args;
  if (command === "--help" || command === "-h") {
    around.print(HELP);
    return 0;
  }
  const takesName = command === "set" || command === "delete";
  if (more.length > 0 || takesName !== (name !== undefined)) return refuse(around);
  if (command === "list") return list(around);
  if (command === "new-master-key") return newMasterKey(around);
  if (command === "delete") return remove(name ?? "", around);
  return command === "set" ? set(name ?? "", around) : refuse(around);
}

async function set(
  name: string,
  { folder, input, print, complain }: Surroundings,
): Promise<number> {
  const value = (await input()).replace(/\r?\n$/, "");
  if (value === "") {
    complain("no value came from standard input; nothing was stored");
    return 1;
  }
  openDataFolder(folder, undefined);
  print(`${name}: version ${setSecret(folder, name, value)} is stored`);
  return 0;
}

function newMasterKey({ folder, print }: Surroundings): number {
  openDataFolder(folder, undefined);
  print(
    `${addMasterKey(folder)} wraps data keys from now on; "npm run connect -- --list" wraps anew`,
  );
  return 0;
}

function list({ folder, print }: Surroundings): number {
  for (const { sealed } of readSecrets(folder)) print(`${sealed.name}  version ${sealed.version}`);
  return 0;
}

function remove(name: string, { folder, print, complain }: Surroundings): number {
  openDataFolder(folder, undefined);
  if (!deleteSecret(folder, name)) {
    complain(`there is no "${name}"; "npm run secret -- list" shows what there is`);
    return 1;
  }
  print(`${name}: deleted`);
  return 0;
}

// Says nothing of the arguments: one too many may be a value.
function refuse({ complain }: Surroundings): number {
  complain(USAGE);
  return 2;
}

if (import.meta.main) {
  const root = fileURLToPath(new URL("../", import.meta.url));
  process.exitCode = await main(process.argv.slice(2), {
    folder: process.env["AUTERITY_DATA"] ?? join(root, ".auterity"),
    input: () => text(process.stdin),
    print: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
  });
}
