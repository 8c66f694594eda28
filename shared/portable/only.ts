/** An object with these methods of a client and no others, so that an ungranted verb fails in plain JavaScript too. */
export function only<Client extends object, Verb extends keyof Client & string>(
  client: Client,
  verbs: readonly Verb[],
): Pick<Client, Verb> {
  const methods: Record<string, unknown> = {};
  for (const verb of verbs) {
    const method = client[verb];
    if (typeof method !== "function") throw new TypeError(`there is no method ${verb}`);
    methods[verb] = method.bind(client);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- exactly the verbs were put in
  return methods as Pick<Client, Verb>;
}
