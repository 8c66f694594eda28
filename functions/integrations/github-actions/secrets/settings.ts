import type { Api } from "#shared/integration";
import * as z from "zod";
import type { DeleteSecretInput, DeleteSecretOutput } from "../actions/settings/delete-secret.ts";
import type {
  DeleteVariableInput,
  DeleteVariableOutput,
} from "../actions/settings/delete-variable.ts";
import type { ListSecretsInput, ListSecretsOutput } from "../actions/settings/list-secrets.ts";
import type {
  ListVariablesInput,
  ListVariablesOutput,
} from "../actions/settings/list-variables.ts";
import type { PutSecretInput, PutSecretOutput } from "../actions/settings/put-secret.ts";
import type { PutVariableInput, PutVariableOutput } from "../actions/settings/put-variable.ts";
import { remove } from "../client.ts";
import { listPage } from "../pages/list-page.ts";
import { allIn, oneIn, seenBy } from "./paths.ts";

const Secret = z.object({ name: z.string(), created_at: z.string(), updated_at: z.string() });

const Variable = z.object({ name: z.string(), value: z.string(), updated_at: z.string() });

/** Runs `put-secret`. */
export async function putSecret(
  api: Api,
  { name: called, value, visibility: seen, repositoryIds, ...where }: PutSecretInput,
): Promise<PutSecretOutput> {
  const { key, key_id } = await api.request({
    method: "GET",
    path: oneIn(where, "secrets", "public-key"),
    response: z.object({ key_id: z.string(), key: z.string() }),
  });
  const { KEY_BYTES, seal } = await import("./sealed-box.ts");
  const { status } = await api.send({
    method: "PUT",
    path: oneIn(where, "secrets", called),
    json: {
      encrypted_value: seal(value, key, api.randomBytes(KEY_BYTES)),
      key_id,
      ...seenBy(where, { visibility: seen, repositoryIds }),
    },
    response: z.unknown(),
  });
  return { name: called, created: status === 201 };
}

/** Runs `put-variable`. */
export async function putVariable(
  api: Api,
  { name: called, value, visibility: seen, repositoryIds, ...where }: PutVariableInput,
): Promise<PutVariableOutput> {
  const json = { name: called, value, ...seenBy(where, { visibility: seen, repositoryIds }) };
  const { status } = await api.send({
    method: "PATCH",
    path: oneIn(where, "variables", called),
    json,
    accept: [404],
    response: z.unknown(),
  });
  if (status !== 404) return { name: called, created: false };
  await api.request({
    method: "POST",
    path: allIn(where, "variables"),
    json,
    response: z.unknown(),
  });
  return { name: called, created: true };
}

/** Runs `list-secrets`. */
export async function listSecrets(
  api: Api,
  { perPage, from, ...where }: ListSecretsInput,
): Promise<ListSecretsOutput> {
  const found = await listPage(api, {
    perPage,
    from,
    path: allIn(where, "secrets"),
    response: z.object({ secrets: z.array(Secret) }),
    items: ({ secrets }) => secrets,
  });
  const secrets = found.items.map(({ name, created_at, updated_at }) => {
    return { name, createdAt: created_at, updatedAt: updated_at };
  });
  return { secrets, next: found.next };
}

/** Runs `list-variables`. */
export async function listVariables(
  api: Api,
  { perPage, from, ...where }: ListVariablesInput,
): Promise<ListVariablesOutput> {
  const found = await listPage(api, {
    // Variables come in pages of at most 30: https://docs.github.com/rest/actions/variables
    perPage: Math.min(perPage, 30),
    from,
    path: allIn(where, "variables"),
    response: z.object({ variables: z.array(Variable) }),
    items: ({ variables }) => variables,
  });
  const variables = found.items.map(({ name, value, updated_at }) => {
    return { name, value, updatedAt: updated_at };
  });
  return { variables, next: found.next };
}

/** Runs `delete-secret`. */
export async function deleteSecret(
  api: Api,
  { name: called, ...where }: DeleteSecretInput,
): Promise<DeleteSecretOutput> {
  return { deleted: await remove(api, oneIn(where, "secrets", called)) };
}

/** Runs `delete-variable`. */
export async function deleteVariable(
  api: Api,
  { name: called, ...where }: DeleteVariableInput,
): Promise<DeleteVariableOutput> {
  return { deleted: await remove(api, oneIn(where, "variables", called)) };
}
