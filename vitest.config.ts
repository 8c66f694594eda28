import { defineConfig } from "vitest/config";

// The rules of the drivers on the real services that a deployment's settings name, or every test of the project.
const isCloud = process.env["TARGET"] === "cloud";
const onServices = ["adapters/*/cloud-services.conformance.ts"];
const everything = ["{shared,functions,adapters,scripts}/**/*.test.ts"];

export default defineConfig({
  test: {
    include: isCloud ? onServices : everything,
    globalSetup: ["scripts/build-once.ts"],
    testTimeout: isCloud ? 120_000 : 20_000,
    // It imports JSON as only a bundler does.
    server: { deps: { inline: [/@actions\/(?:workflow-parser|expressions)/] } },
  },
});
