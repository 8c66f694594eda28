import { memoryPorts } from "#shared/testing";
import { expect, it } from "vitest";
import { deployedPorts } from "./deployed-ports.ts";

it("holds what was granted, refuses the rest and shows no secret as a setting", async () => {
  const { clock, random, telemetry, state } = memoryPorts();
  const ports = deployedPorts(
    {
      AUTERITY_SANDBOX_URL: "http://127.0.0.1:1",
      AUTERITY_QUEUE_ACCOUNT: "AccountKey=secret",
      AUTERITY_SECRET_SLACK_TOKEN: "secret",
      AWS_SECRET_ACCESS_KEY: "secret",
    },
    { clock, random, telemetry, state },
  );
  expect(ports.state).toBe(state);
  await expect(ports.queue.send("any", [], undefined)).rejects.toMatchObject({
    code: "permission_denied",
  });
  await expect(ports.identity.identify("any")).rejects.toMatchObject({ code: "permission_denied" });
  expect(ports.settings).toEqual({ AUTERITY_SANDBOX_URL: "http://127.0.0.1:1" });
});
