import { type Api, path } from "#shared/integration";
import * as z from "zod";
import type {
  DownloadArtifactInput,
  DownloadArtifactOutput,
} from "../actions/releases/download-artifact.ts";
import type {
  DownloadReleaseAssetInput,
  DownloadReleaseAssetOutput,
} from "../actions/releases/download-release-asset.ts";
import type {
  ListArtifactsInput,
  ListArtifactsOutput,
} from "../actions/releases/list-artifacts.ts";
import type {
  UploadReleaseAssetInput,
  UploadReleaseAssetOutput,
} from "../actions/releases/upload-release-asset.ts";
import { refuse } from "../client.ts";
import { listPage } from "../pages/list-page.ts";
import { download } from "./download.ts";

const Artifact = z.object({
  id: z.int(),
  name: z.string(),
  size_in_bytes: z.int(),
  expired: z.boolean(),
  expires_at: z.string().nullable(),
  digest: z.string().nullish(),
});

/** Runs `download-artifact`. */
export async function downloadArtifact(
  api: Api,
  { owner, repo, artifactId }: DownloadArtifactInput,
): Promise<DownloadArtifactOutput> {
  const { name, expired, size_in_bytes, digest } = await api.request({
    method: "GET",
    path: path`/repos/${owner}/${repo}/actions/artifacts/${artifactId}`,
    response: z.object({
      name: z.string(),
      expired: z.boolean(),
      size_in_bytes: z.int(),
      digest: z.string().nullish(),
    }),
  });
  if (expired) throw refuse("artifact: it has expired; run the workflow again");
  const bytes = await download(api, {
    path: path`/repos/${owner}/${repo}/actions/artifacts/${artifactId}/zip`,
    host: "artifacts",
    sizeBytes: size_in_bytes,
    digest,
  });
  return { name, sizeBytes: bytes.length, zipBase64: Buffer.from(bytes).toString("base64") };
}

/** Runs `download-release-asset`. */
export async function downloadAsset(
  api: Api,
  { owner, repo, assetId }: DownloadReleaseAssetInput,
): Promise<DownloadReleaseAssetOutput> {
  const asset = path`/repos/${owner}/${repo}/releases/assets/${assetId}`;
  const { name, content_type, size, digest } = await api.request({
    method: "GET",
    path: asset,
    response: z.object({
      name: z.string(),
      content_type: z.string(),
      size: z.int(),
      digest: z.string().nullish(),
    }),
  });
  const bytes = await download(api, {
    path: asset,
    host: "assets",
    headers: { accept: "application/octet-stream" },
    sizeBytes: size,
    digest,
  });
  const contentBase64 = Buffer.from(bytes).toString("base64");
  return { name, type: content_type, sizeBytes: bytes.length, contentBase64 };
}

/** Runs `upload-release-asset`. */
export async function uploadAsset(
  api: Api,
  { owner, repo, releaseId, name, label, type, contentBase64 }: UploadReleaseAssetInput,
): Promise<UploadReleaseAssetOutput> {
  const asset = await api.request({
    method: "POST",
    host: "uploads",
    path: path`/repos/${owner}/${repo}/releases/${releaseId}/assets`,
    query: { name, label },
    body: { kind: "bytes", bytes: Buffer.from(contentBase64, "base64"), type },
    timeoutSeconds: 60,
    response: z.object({ id: z.int(), browser_download_url: z.string(), size: z.int() }),
  });
  return { assetId: asset.id, url: asset.browser_download_url, sizeBytes: asset.size };
}

/** Runs `list-artifacts`. */
export async function listArtifacts(
  api: Api,
  { owner, repo, runId, name, ...page }: ListArtifactsInput,
): Promise<ListArtifactsOutput> {
  const found = await listPage(api, {
    ...page,
    path:
      runId === undefined
        ? path`/repos/${owner}/${repo}/actions/artifacts`
        : path`/repos/${owner}/${repo}/actions/runs/${runId}/artifacts`,
    query: { name },
    response: z.object({ artifacts: z.array(Artifact) }),
    items: ({ artifacts }) => artifacts,
  });
  const artifacts = found.items.map(({ size_in_bytes, expires_at, digest, ...one }) => ({
    ...one,
    sizeBytes: size_in_bytes,
    expiresAt: expires_at,
    digest: digest ?? null,
  }));
  return { artifacts, next: found.next };
}
