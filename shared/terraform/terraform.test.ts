import { describe, expect, it } from "vitest";
import { data, labelOf, renderTerraform, resource } from "./terraform.ts";

const root = { terraform: { required_version: ">= 1.9" }, provider: { google: {} } };

describe("a configuration", () => {
  it("is sorted by type and name, whatever the order it was made in", () => {
    const topic = resource("google_pubsub_topic", "b", { name: "b" });
    const other = resource("google_pubsub_topic", "a", { name: "a", labels: undefined });
    const project = data("google_project", "current", {});
    const text = renderTerraform(root, [topic, project, other]);
    expect(text).toBe(renderTerraform(root, [other, topic, project]));
    expect(JSON.parse(text)).toEqual({
      ...root,
      data: { google_project: { current: {} } },
      resource: { google_pubsub_topic: { a: { name: "a" }, b: { name: "b" } } },
    });
  });

  it("is refused with two resources of one name, which would be one", () => {
    const twice = [
      resource("google_pubsub_topic", labelOf("a-b"), {}),
      resource("google_pubsub_topic", labelOf("a", "b"), {}),
    ];
    expect(() => renderTerraform(root, twice)).toThrow('two google_pubsub_topic called "a_b"');
  });

  it("is referred to by type, name and attribute", () => {
    expect(resource("google_pubsub_topic", "jobs", {}).get("id")).toBe(
      "${google_pubsub_topic.jobs.id}",
    );
    expect(data("google_project", "current", {}).get("number")).toBe(
      "${data.google_project.current.number}",
    );
  });
});
