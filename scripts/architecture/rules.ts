/** From where to where imports may point; `self` is the unit a file lives in. This table is the architecture. */
export const arrows: readonly {
  readonly from: RegExp;
  readonly to: readonly (RegExp | "self")[];
}[] = [
  { from: /^shared\//, to: [/^shared\//] },
  { from: /^functions\/(?:integrations|platform)\/[^/]+\//, to: ["self", /^shared\//] },
  { from: /^functions\//, to: [/^functions\//, /^shared\//] },
  // A test sees both sides of the wire: a cloud's codecs and the local runtime that carries them.
  {
    from: /^adapters\/.+\.(?:test|conformance)\.ts$/,
    to: [/^adapters\//, /^shared\//, /^esbuild\.config\.ts$/],
  },
  { from: /^adapters\/[^/]+\//, to: ["self", /^shared\//] },
  { from: /^console\//, to: ["self", /^shared\/console\//] },
  // They hold the text of generated files, whose imports start elsewhere.
  { from: /^scripts\/build\/(?:entries|entry-ports|registry)\.ts$/, to: [/./] },
  { from: /^scripts\//, to: [/^(?:scripts|adapters|functions|shared)\//, /^esbuild\.config\.ts$/] },
];

/** Packages that an area may import; what is not listed may import none. Growth needs a dated decision. */
export const packages: readonly { readonly from: RegExp; readonly may: RegExp }[] = [
  { from: /\.(?:test|conformance)\.ts$|\/conformance(?:\/|\.ts$)|^shared\/testing\//, may: /./ },
  {
    from: /^shared\/(?:http|actions)\//,
    may: /^(?:zod|ipaddr\.js|node:(?:http|https|dns|net|tls|zlib|stream).*)$/,
  },
  // For tests and scripts only; see what is banned below.
  {
    from: /^shared\/contracts\//,
    may: /^(?:zod|ajv\/dist\/2020\.js|ajv-formats\/dist\/formats\.js)$/,
  },
  { from: /^shared\/mcp\//, may: /^(?:zod|@modelcontextprotocol\/server)$/ },
  { from: /^shared\/actions\//, may: /^(?:zod|node:(?:http|https|stream\/consumers))$/ },
  { from: /^shared\/|^functions\//, may: /^(?:zod|node:(?:crypto|util|buffer|timers\/promises))$/ },
  { from: /^adapters\/aws\/deploy\//, may: /^(?:zod|yaml)$/ },
  { from: /^adapters\/aws\//, may: /^(?:zod|@middy\/|@aws-|aws-lambda$|node:)/ },
  { from: /^adapters\/azure\//, may: /^(?:zod|@azure\/|node:)/ },
  { from: /^adapters\/gcp\//, may: /^(?:zod|@google-cloud\/|@grpc\/|node:)/ },
  {
    from: /^adapters\/local\//,
    may: /^(?:zod|fastify|croner|aws-lambda|@google-cloud\/functions-framework\/testing|@azure\/functions.*|node:.*)$/,
  },
  { from: /^console\//, may: /^$/ },
  { from: /^scripts\//, may: /./ },
];

/** Text that must not stand in code, and where it may. */
export const banned: readonly {
  readonly text: RegExp;
  readonly except: RegExp;
  readonly why: string;
}[] = [
  {
    text: /import \{[^}]*\bz\b[^}]*\} from "zod"/,
    except: /^$/,
    why: 'use import * as z from "zod": the named form bundles every locale',
  },
  {
    text: /\b(?:runtime|provider|cloud)\s*[!=]==?\s*"(?:aws|azure|gcp)"|case "(?:aws|azure|gcp)":/,
    except: /^(?:adapters|scripts)\//,
    why: "make the difference data of the adapter",
  },
  {
    text: /process\.env|\bDate\.now\(|new Date\(\)|Math\.random\(|\bconsole\.\w+\(|(?<![.\w])fetch\(/,
    except:
      /^(?:adapters|scripts|console|shared\/testing)\/|\.(?:test|conformance)\.ts$|\/conformance(?:\/|\.ts$)/,
    why: "take it from the context or a port",
  },
  {
    text: /from "#shared\/testing"/,
    except:
      /^(?:scripts|shared\/(?:testing|simulation))\/|\/testing\/|\.(?:test|conformance)\.ts$|\/conformance(?:\/|\.ts$)/,
    why: "what tests are made of stays in tests",
  },
  {
    text: /from "#shared\/contracts"/,
    except: /^scripts\/|\.test\.ts$/,
    why: "a bundle needs no JSON Schema validator",
  },
  { text: /\bas any\b|: any\b|<any>|@ts-ignore|@ts-nocheck/, except: /^$/, why: "type it" },
  {
    text: /\b(?:it|test|describe)\.(?:skip|only|todo)\(/,
    except: /^$/,
    why: "run it or delete it",
  },
  { text: /\b(?:TODO|FIXME|XXX)\b/, except: /^$/, why: "do it, or open an issue" },
  { text: /^export \* from/m, except: /^$/, why: "name what is public" },
];

/** What a unit's folder holds. A file that fits no pattern, or a required one that is missing, is a defect. */
export const shapes: readonly {
  readonly folder: string;
  readonly file: RegExp;
  readonly required: readonly string[];
}[] = [
  {
    folder: "functions/integrations",
    file: /^[a-z-]+(?:\.test)?\.ts$|^actions\/[a-z-]+\.ts$|^(?:contract|fixtures\/[a-z-]+)\.json$/,
    required: ["index.ts", "contract.json"],
  },
  {
    folder: "functions/platform",
    file: /^(?:[a-z-]+\/)?[a-z-]+(?:\.test)?\.ts$|^fixtures\/[a-z-]+\.json$/,
    required: ["index.ts"],
  },
  {
    folder: "shared",
    file: /^[a-z0-9-]+(?:\/[a-z0-9-]+)?(?:\.[a-z]+)*\.(?:ts|json)$/,
    required: ["index.ts"],
  },
];

/** The same names in each cloud, so that who knows one knows all. */
export const adapterFiles: readonly string[] = [
  "adapter.ts",
  "codecs/http.ts",
  "codecs/queue.ts",
  "codecs/schedule.ts",
  "conformance.test.ts",
  "drivers/telemetry.ts",
  "entry.ts",
  "prices.ts",
];

/** Names that say nothing about what is inside. */
export const vagueNames = /^(?:utils?|common|helpers?|core|misc|lib|shared-types)(?:\.ts)?$/;

export const limits = { fileLines: 300, medianLines: 80, folderFiles: 24 };
