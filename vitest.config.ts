import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{shared,functions,adapters,scripts}/**/*.test.ts"],
    globalSetup: ["scripts/build-once.ts"],
    testTimeout: 20_000,
    // It imports JSON as only a bundler does.
    server: { deps: { inline: [/@actions\/(?:workflow-parser|expressions)/] } },
  },
});
