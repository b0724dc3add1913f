import { expect, it } from "vitest";
import { DEFAULT_CARDS } from "../../src/sandbox/default-state.js";
import { hideSecrets } from "../../src/testing/api/hide-secrets.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { startSandbox } from "../support/running-sandbox.js";

const [card] = DEFAULT_CARDS;
const cardPath = `/v3/spend/profiles/${card.profileId}/cards/${card.cardToken}/production`;
const SECRET = crypto.randomUUID();
const SECRETS = ["client_secret", "refresh_token", "access_token", "assertion", "code", "token"];

const part = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

/** A request with a secret in the wrong place. */
type Misplaced = readonly [place: string, path: string, init: RequestInit];

const MISPLACED: readonly Misplaced[] = [
  ["a query of the token endpoint", `/oauth/token?client_secret=${SECRET}&x=1`, { method: "POST" }],
  ["a query of a card", `${cardPath}?access_token=${SECRET}`, {}],
  ["a query of a method that is not allowed", `${cardPath}?access_token=${SECRET}`, { method: "POST" }],
  ["a query without its question mark", `/oauth/token&client_secret=${SECRET}`, { method: "POST" }],
  ["a query within a query", `/x?to=${encodeURIComponent(`http://h/?code=${SECRET}`)}`, {}],
  ["a name that is percent-encoded", `/x?client%5Fsecret=${SECRET}`, {}],
  ["a form to another path", "/oauth/tokens", { method: "POST", body: `a=1&refresh_token=${SECRET}==` }],
  ["a form to a card", cardPath, { method: "PUT", body: `client_secret=${SECRET}` }],
  ["a form in parts", "/oauth/tokens", { method: "POST", body: `${part("code", SECRET)}${part("a", "1")}--b--` }],
  ["JSON to another path", "/oauth/tokens", { method: "POST", body: `{"a":[{"client_secret" : "${SECRET}"}]}` }],
  ["JSON to a card", cardPath, { method: "PUT", body: `{"kioskId":"WIS00009","token":"\\"${SECRET}"}` }],
  ["JSON with an escaped name", "/x", { method: "POST", body: `{"client\\u005fsecret":"${SECRET}"}` }],
  ["JSON that is cut off", "/x", { method: "POST", body: `{"code":"${SECRET}` }],
  ["a list in JSON", "/x", { method: "POST", body: `{"token":["${SECRET}"]}` }],
  ["a URL in JSON", "/x", { method: "POST", body: `{"url":"/?access_token=${SECRET}"}` }],
  ["a header field", "/x", { headers: { referer: `http://127.0.0.1/?code=${SECRET}` } }],
];

it.each(MISPLACED)("the sandbox neither prints nor keeps a secret in %s", async (_place, path, init) => {
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
