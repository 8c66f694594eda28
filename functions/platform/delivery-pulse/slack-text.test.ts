import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duration, escapeText, link, slackMessage } from "./slack-text.ts";

describe("escapeText", () => {
  it("leaves nothing that Slack would read as a mention or a link", () => {
    expect(escapeText("<!channel> & <@U1>")).toBe("&lt;!channel&gt; &amp; &lt;@U1&gt;");
  });

  it("has an inverse", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/[<>]/);
        const back = escaped.replaceAll("&lt;", "<").replaceAll("&gt;", ">");
        expect(back.replaceAll("&amp;", "&")).toBe(text);
      }),
    );
  });
});

describe("link", () => {
  it.each([
    ["https://github.com/o/r?a=1&b=2", "CI", "<https://github.com/o/r?a=1&amp;b=2|CI>"],
    ["https://x.example/a|b", "a|b", "<https://x.example/a%7Cb|a¦b>"],
    ["https://x.example/>", "<b>", "<https://x.example/%3E|&lt;b&gt;>"],
    ["https://x.example/", "", "<https://x.example/|link>"],
    ["javascript:alert(1)", "CI", "CI"],
    ["no address", "CI", "CI"],
    [undefined, "a & b", "a &amp; b"],
  ])("%s %s", (url, label, expected) => {
    expect(link(url, label)).toBe(expected);
  });

  it("is one link whatever goes in", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), fc.string(), (url, label) => {
        expect(link(url, label)).toMatch(/^<[^<>|]+\|[^<>|]+>$/s);
      }),
    );
  });
});

describe("duration", () => {
  it.each([
    [0, "0 s"],
    [-5, "0 s"],
    [59_400, "59 s"],
    [60_000, "1 min"],
    [3_725_000, "1 h 2 min"],
    [86_400_000 * 3 + 61_000, "3 d"],
  ])("%d ms is %s", (milliseconds, expected) => {
    expect(duration(milliseconds)).toBe(expected);
  });
});

describe("slackMessage", () => {
  it("keeps a section within Slack's limit, cut at a line", () => {
    const line = `<https://x.example/|${"x".repeat(470)}>`;
    const [block] = slackMessage("t", [Array(10).fill(line).join("\n")]).blocks;
    expect(block?.text.text.length).toBeLessThanOrEqual(3_000);
    expect(block?.text.text.split("\n").at(-2)).toBe(line);
    expect(block?.text.text.endsWith("\n…")).toBe(true);
  });
});
