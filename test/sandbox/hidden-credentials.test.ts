import { expect, it } from "vitest";
import { DEFAULT_CARDS } from "../../src/sandbox/default-state.js";
import { hideSecrets } from "../../src/testing/api/hide-secrets.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { cardPath, MISPLACED_SECRETS, SECRET } from "../support/misplaced-secrets.js";
import { startSandbox } from "../support/running-sandbox.js";

const [card] = DEFAULT_CARDS;
const SECRETS = [
  "client_secret",
  "refresh_token",
  "access_token",
  "assertion",
  "client_assertion",
  "registration_code",
  "password",
  "code",
  "token",
];

it.each(MISPLACED_SECRETS)("the sandbox neither prints nor keeps a secret in %s", async (_place, path, init) => {
  for (const json of [true, false]) {
    await using sandbox = await startSandbox({ json });
    const authorization = `Bearer ${sandbox.token}`;
    await fetch(`${sandbox.url}${path}`, { ...init, headers: { authorization, ...init.headers } });
    await expect.poll(() => sandbox.output.length).toBe(2);
    expect(sandbox.output[1]).not.toContain(SECRET);
    const { body } = await sandbox.control("GET", "/requests");
    expect(JSON.stringify(body)).not.toContain(SECRET);
    expect(JSON.stringify(body)).toContain("[hidden]");
  }
});

it.each(SECRETS)("the value of %s is hidden in queries, forms and JSON, and its neighbours are not", (name) => {
  expect(hideSecrets(`/x?a=1&${name}=s&b=2`)).toBe(`/x?a=1&${name}=[hidden]&b=2`);
  expect(hideSecrets(`${name}=s\nmy${name}=1&${name}s=2&${name}=`)).toBe(
    `${name}=[hidden]\nmy${name}=1&${name}s=2&${name}=`,
  );
  expect(JSON.parse(hideSecrets(` {"${name}":"s","my${name}":"1","list":[{"${name}": 5}],"b":2}`))).toEqual({
    [name]: "[hidden]",
    [`my${name}`]: "1",
    list: [{ [name]: "[hidden]" }],
    b: 2,
  });
});

it.each(['the "token" of a card', '{"a":"token=","b":"code=&x"}', "token=&code="])(
  "a text with names of secrets, but no values, is shown as it is: %s",
  (text) => {
    expect(hideSecrets(text)).toBe(text);
  },
);

it("a text of many names without values is searched in linear time", () => {
  // A search whose time grows with the square takes longer than a test may.
  for (const name of ['"token"', '"token":', '"token"\r', '"token"\n', "token", "token="]) {
    const text = `${name.repeat(2 ** 17)}&`;
    expect(hideSecrets(`x ${text}`)).toContain(name);
    expect(hideSecrets(`{${text}`)).toContain(name);
  }
});

it("the sandbox keeps what only resembles a secret", async () => {
  await using sandbox = await startSandbox();
  await fetch(`${sandbox.url}/x?cardToken=a&errorCode=b`, {
    method: "POST",
    body: '{"cardToken":"a","errorCode":"b"}',
  });
  expect((await sandbox.control("GET", "/requests")).body).toMatchObject([
    {
      path: "/x?cardToken=a&errorCode=b",
      body: { cardToken: "a", errorCode: "b" },
      response: { body: expect.stringContaining('"code":"not_found"') },
    },
  ]);
});

it("the sandbox hides its own token wherever a request contains it", async () => {
  const token = 'own/token+of="ASCII"';
  await using sandbox = await startSandbox({ json: true, token });
  const inPath = encodeURIComponent(token);
  const send = (path: string, body: string, headers = {}) =>
    fetch(`${sandbox.url}${path}`, { method: "PUT", body, headers: { authorization: `Bearer ${token}`, ...headers } });
  await send(`/v3/spend/profiles/1/cards/${inPath}/production?key=${inPath}`, JSON.stringify({ kioskId: token }));
  await send("/x", `${"x".repeat(4090)}${token}`, { "x-api-key": token });
  await expect.poll(() => sandbox.output.length).toBe(3);
  const { body } = await sandbox.control("GET", "/requests");
  expect(JSON.parse(sandbox.output[1] ?? "")).toMatchObject({ operation: "produceCard", cardToken: "[hidden]" });
  expect(body).toMatchObject([
    {
      operation: "produceCard",
      path: "/v3/spend/profiles/1/cards/[hidden]/production?key=[hidden]",
      body: { kioskId: "[hidden]" },
    },
    { headers: { "x-api-key": "[hidden]" }, body: `${"x".repeat(4090)}[hidde…` },
  ]);
  const all = [...sandbox.output.slice(1), JSON.stringify(body)].join("");
  expect(all).not.toContain("own/");
  expect(all).not.toContain(inPath);
});

it("a token of fewer than 8 characters is not hidden, because a path without it would be hard to read", async () => {
  await using sandbox = await startSandbox({ token: "profile" });
  await sandbox.print(card);
  expect((await sandbox.control("GET", "/requests")).body).toMatchObject([{ path: cardPath }]);
});

it.each([true, false])("the query of the receiver is not printed, but posted to (JSON: %s)", async (json) => {
  await using receiver = await startHttpServer(reply(200));
  const webhookUrl = `${receiver.url}/h?token=${SECRET}`;
  await using sandbox = await startSandbox({ json, webhookUrl });
  await sandbox.print(card);
  await expect.poll(() => sandbox.output.length).toBe(3);
  expect(receiver.requests).toMatchObject([{ path: `/h?token=${SECRET}` }]);
  expect(sandbox.output.join("")).not.toContain(SECRET);
  if (!json) expect(sandbox.output[0]).toContain(`  Webhooks to  ${receiver.url}/h?[hidden]\n`);
  const { sent } = (await sandbox.control("GET", "/deliveries")).body;
  expect(sent).toMatchObject([{ url: `${receiver.url}/h?[hidden]` }]);
  expect((await sandbox.control("GET", "/settings")).body.webhookUrl).toBe(webhookUrl);
});
