import { describe, expect, it } from "vitest";
import { readConfigurationFile } from "./configuration.ts";
import { readSchema, type SchemaSource } from "./schema.ts";
import { verify } from "./verify.ts";

/** As the packages declare it, cut to one member of each form. */
const DECLARATION = `import * as cdktf from 'cdktf';
export interface BoxConfig extends cdktf.TerraformMetaArguments {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/docs/resources/box#name Box#name}
    */
    readonly name: string;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/docs/resources/box#size_bytes Box#size_bytes}
    */
    readonly sizeBytes?: number;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/docs/resources/box#open Box#open}
    */
    readonly open?: boolean | cdktf.IResolvable;
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/docs/resources/box#tags Box#tags}
    */
    readonly tags?: {
        [key: string]: string;
    };
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/docs/resources/box#owners Box#owners}
    */
    readonly owners?: string[];
    /**
    * lid block
    *
    * Docs at Terraform Registry: {@link https://registry.terraform.io/docs/resources/box#lid Box#lid}
    */
    readonly lid?: BoxLid;
    /**
    * rule block
    *
    * Docs at Terraform Registry: {@link https://registry.terraform.io/docs/resources/box#rule Box#rule}
    */
    readonly rule?: BoxRule[] | cdktf.IResolvable;
}
export interface BoxLid {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/docs/resources/box#lock_type Box#lock_type}
    */
    readonly lockType: string;
}
export interface BoxRule {
    /**
    * Docs at Terraform Registry: {@link https://registry.terraform.io/docs/resources/box#days Box#days}
    */
    readonly days?: number;
}
export declare class Box extends cdktf.TerraformResource {
    static readonly tfResourceType = "google_box";
    get id(): string;
    get sizeBytes(): number;
    get sizeBytesInput(): number | undefined;
}
`;

const schemas: SchemaSource = (kind, type) =>
  kind === "resource" && type === "google_box" ? readSchema(DECLARATION, type) : undefined;

const noHcl = (): unknown => {
  throw new Error("there is no HCL in these");
};

function check(resource: unknown) {
  const parsed = readConfigurationFile(JSON.stringify({ resource }), "main.tf.json", noHcl);
  return verify({ folder: "", files: [], ...parsed }, schemas);
}

const fit = {
  name: "a",
  size_bytes: 5,
  open: true,
  tags: { colour: "red" },
  owners: ["me"],
  lid: { lock_type: "latch" },
  rule: [{ days: 1 }, { days: 2 }],
};

describe("a configuration", () => {
  it("fits when all of it is in the schema", () => {
    expect(check({ google_box: { one: fit } })).toEqual({
      resources: 1,
      arguments: 12,
      references: 0,
      violations: [],
    });
  });

  it.each([
    ["another type", { google_bag: { one: fit } }, "has no resource of type google_bag"],
    ["another argument", { google_box: { one: { ...fit, nane: "b" } } }, "there is no nane"],
    ["nothing for a required one", { google_box: { one: { open: true } } }, "name is required"],
    [
      "another argument in a block",
      { google_box: { one: { ...fit, rule: [{ day: 1 }] } } },
      "google_box.one.rule: there is no day",
    ],
    [
      "nothing for a required one in a block",
      { google_box: { one: { ...fit, lid: {} } } },
      "google_box.one.lid: lock_type is required",
    ],
    [
      "a text for a number",
      { google_box: { one: { ...fit, size_bytes: "5" } } },
      "a number is wanted",
    ],
    [
      "a text for a list",
      { google_box: { one: { ...fit, owners: "me" } } },
      "a list of strings is wanted",
    ],
    [
      "a number in a map of texts",
      { google_box: { one: { ...fit, tags: { a: 1 } } } },
      'tags["a"]: a string is wanted',
    ],
    [
      "two blocks where one may be",
      { google_box: { one: { ...fit, lid: [{ lock_type: "a" }, { lock_type: "b" }] } } },
      "only one block",
    ],
    [
      "a text for a block",
      { google_box: { one: { ...fit, lid: "${local.lid}" } } },
      "a block is wanted",
    ],
  ])("does not fit with %s", (_, resource, complaint) => {
    const { violations } = check(resource);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(complaint);
  });

  it("may have Terraform's own arguments", () => {
    const own = { for_each: "${toset([])}", depends_on: ["google_box.two"], lifecycle: {} };
    const { violations } = check({ google_box: { one: { ...fit, ...own }, two: fit } });
    expect(violations).toEqual([]);
  });

  it("refers to what is there, by attributes that it has", () => {
    const named = (name: string) => check({ google_box: { one: fit, two: { ...fit, name } } });
    expect(named("x-${google_box.one.size_bytes}")).toMatchObject({
      references: 1,
      violations: [],
    });
    expect(named("${google_box.three.id}").violations).toEqual([
      "google_box.three.id: there is no such resource",
    ]);
    expect(named("${data.google_box.one.id}").violations).toEqual([
      "data.google_box.one.id: there is no such data",
    ]);
    expect(named("${google_box.one.size_bytes_input}").violations).toEqual([
      "google_box.one.size_bytes_input: google_box has no attribute size_bytes_input",
    ]);
    const late = { ...fit, depends_on: ["google_box.never"] };
    expect(check({ google_box: { one: late } }).violations).toEqual([
      "google_box.never: there is no such resource",
    ]);
  });
});
