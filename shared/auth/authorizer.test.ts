import { openSockets } from "#shared/http";
import { Redacted } from "#shared/secrets";
import { memoryPorts } from "#shared/testing";
import { expect, it } from "vitest";
import * as z from "zod";
import { createAuthorizer } from "./authorizer.ts";

const field = { label: "Key", required: true, secret: true } as const;

it("signs for the service of the method, or for the one that a host has instead", async () => {
  const { clock, random } = memoryPorts();
  const { signal } = new AbortController();
  const sockets = openSockets();
  const names = ["access-key-id", "secret-access-key", "session-token"] as const;
  const authorize = createAuthorizer(
    {
      kind: "aws-sigv4",
      service: "lambda",
      fields: { "access-key-id": field, "secret-access-key": field, "session-token": field },
      config: { region: { label: "Region", schema: z.string(), example: "eu-west-1" } },
    },
    {
      connection: {
        credentials: new Map(names.map((name) => [name, new Redacted("k")])),
        config: { region: "eu-west-1" },
      },
      ports: { clock, random, sockets, signal, origin: undefined, remainingMs: () => 1_000 },
      cache: { token: () => Promise.reject(new Error("a signature needs no token")) },
    },
  );
  const url = "https://example.eu-west-1.amazonaws.com/";
  const request = { method: "GET", url, signal, remainingMs: () => 1_000 } as const;
  const scopeOf = async (service?: string): Promise<string | undefined> => {
    const sent = await authorize(request, false, service);
    return /eu-west-1\/[^,]+/.exec(sent?.headers?.["authorization"] ?? "")?.[0];
  };
  expect(await scopeOf()).toBe("eu-west-1/lambda/aws4_request");
  expect(await scopeOf("monitoring")).toBe("eu-west-1/monitoring/aws4_request");
  expect(await authorize(request, true, "monitoring")).toBeUndefined();
  sockets.close();
});
