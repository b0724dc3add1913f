import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { reply, startHttpServer } from "../support/http-server.js";
import { startSandbox } from "../support/running-sandbox.js";

const script = fileURLToPath(new URL("../../examples/sandbox/jam-and-retry.sh", import.meta.url));

it("a shell script with curl plays a lost response, a jam, a retry and a collection", async () => {
  await using receiver = await startHttpServer(reply(200));
  await using sandbox = await startSandbox({ webhookUrl: receiver.url });
  const env = { ...process.env, SANDBOX_URL: sandbox.url, SANDBOX_TOKEN: sandbox.token };
  const { stdout } = await promisify(execFile)("bash", [script], { env, timeout: 20_000 });
  expect(stdout.trim().split("\n")).toEqual([
    "added: READY",
    "first print: no response",
    "read: IN_PROGRESS",
    "jammed: PRD_HOPPER_JAM, next step fix-kiosk-and-retry",
    "second print: IN_PROGRESS",
    "collected: PRODUCED",
    "prints: 2",
    "requests: 2",
  ]);
  await expect.poll(() => receiver.requests.length).toBe(4);
  const statuses = receiver.requests.map(({ body }) => JSON.parse(body).data.status);
  expect(statuses).toEqual(["IN_PROGRESS", "PRODUCTION_ERROR", "PRODUCED", "IN_PROGRESS"]);
});

it("the script ends with the problem that the sandbox reports", async () => {
  await using sandbox = await startSandbox({ host: "0.0.0.0", token: crypto.randomUUID() });
  const env = { ...process.env, SANDBOX_URL: sandbox.url, SANDBOX_TOKEN: sandbox.token };
  await expect(promisify(execFile)("bash", [script], { env, timeout: 20_000 })).rejects.toMatchObject({
    stderr: expect.stringContaining("error: 401"),
  });
});
