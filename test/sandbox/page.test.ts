import axe from "axe-core";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { PRODUCTION_ERROR_CODES } from "../../src/index.js";
import { DEFAULT_CARDS } from "../../src/sandbox/default-state.js";
import { contentSecurityPolicy } from "../../src/sandbox/http/page-response.js";
import { startChromium } from "../support/chromium.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { type RunningSandbox, startSandbox } from "../support/running-sandbox.js";

const [card, other] = DEFAULT_CARDS;

let browser: Browser;
let sandbox: RunningSandbox;
let problems: string[];

beforeAll(async () => {
  browser = await startChromium();
}, 60_000);

afterAll(() => browser.close());

beforeEach(async () => {
  sandbox = await startSandbox();
  problems = [];
});

afterEach(async () => {
  await sandbox.stop();
  expect(problems).toEqual([]);
});

/** Opens the page of a sandbox. Every error that the browser reports fails the test. */
async function openPage(options: BrowserContextOptions = {}, { url } = sandbox): Promise<Page> {
  const page = await browser.newPage(options);
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) problems.push(message.text());
  });
  await page.goto(url);
  return page;
}

const lane = (page: Page, name: string): Locator => page.getByRole("list", { name });
const buttonIn = (within: Page | Locator, name: string): Locator => within.getByRole("button", { name, exact: true });

/** Returns what an accessibility scan finds. */
async function scan(page: Page): Promise<unknown> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: scanner } = globalThis as unknown as { readonly axe: Pick<typeof axe, "run"> };
    const { violations } = await scanner.run();
    return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
  });
}

it("a person plays a jam, a retry and a collection", async () => {
  const page = await openPage();
  const item = page.getByRole("listitem").filter({ hasText: card.cardToken });
  await buttonIn(item, "Print").click();
  await expect.poll(() => lane(page, "In progress").textContent()).toContain("Kiosk WIS00001");
  await buttonIn(item, "Jam").click();
  await expect.poll(() => lane(page, "Failed").textContent()).toContain("PRD_HOPPER_JAM");
  const failed = await lane(page, "Failed").textContent();
  expect(failed).toContain("A card is jammed in the hopper.");
  expect(failed).toContain("Fix the kiosk, then print again.");
  expect(failed).toContain("A card may be left inside");
  await item.getByLabel("Kiosk").selectOption("WIS00002");
  await buttonIn(item, "Print again").click();
  await expect.poll(() => lane(page, "In progress").textContent()).toContain("Kiosk WIS00002");
  await buttonIn(item, "Collect").click();
  await expect.poll(() => lane(page, "Produced").textContent()).toContain("2 prints");
  expect((await sandbox.control("GET", `/cards/${card.cardToken}`)).body.production.status).toBe("PRODUCED");
  await page.close();
});

it("the same works with the keyboard alone, and the focus stays at the card", async () => {
  const page = await openPage();
  const focused = () => page.evaluate("document.activeElement.textContent");
  await buttonIn(lane(page, "Ready"), "Print").first().focus();
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("Collect");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect.poll(focused).toBe("Print again");
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("Collect");
  await page.keyboard.press("Enter");
  await expect.poll(() => lane(page, "Produced").textContent()).toContain("2 prints");
  await expect.poll(() => page.locator("#moves").textContent()).toBe(`${card.cardToken.slice(0, 8)}… is PRODUCED.`);
  await page.close();
});

it("a print can fail with each of the codes, which can be found by their meaning", async () => {
  const page = await openPage();
  await sandbox.control("POST", `/cards/${card.cardToken}/produce`);
  await buttonIn(page, "Fail…").click();
  const dialog = page.getByRole("dialog");
  const radios = dialog.getByRole("radio");
  await expect.poll(() => radios.count()).toBe(PRODUCTION_ERROR_CODES.length + 1);
  const text = await dialog.textContent();
  expect(PRODUCTION_ERROR_CODES.filter((code) => !text?.includes(code))).toEqual([]);
  await dialog.getByLabel("Find a code or a meaning").fill("ribbon has run out");
  await expect.poll(() => dialog.getByRole("status").textContent()).toBe("1 choice");
  await buttonIn(dialog, "Fail").click();
  await expect.poll(() => lane(page, "Failed").textContent()).toContain("PRT_RIBBON_ENDED");
  await page.close();
});

it("a print can fail without a code, and the dialog can be left", async () => {
  const page = await openPage();
  await sandbox.control("POST", `/cards/${card.cardToken}/produce`);
  await buttonIn(page, "Fail…").click();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").isVisible()).toBe(false);
  await buttonIn(page, "Fail…").click();
  await page.keyboard.press("Enter");
  await expect.poll(() => lane(page, "Failed").textContent()).toContain("No code");
  await page.close();
});

it("a card is added, and its text is never markup", async () => {
  const page = await openPage();
  await buttonIn(page, "Add a card").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Card token").fill("<img src=x>");
  await dialog.getByLabel("so it is READY").uncheck();
  await buttonIn(dialog, "Add").click();
  await expect.poll(() => lane(page, "Not ready").textContent()).toContain("<img src=x>");
  expect(await page.locator("img").count()).toBe(0);
  await buttonIn(page, "Make ready").click();
  await expect.poll(() => lane(page, "Not ready").isVisible()).toBe(false);
  await buttonIn(page, "Add a card").click();
  await dialog.getByLabel("Profile ID").fill("0");
  await buttonIn(dialog, "Add").click();
  await expect.poll(() => page.locator("#message").textContent()).toContain("profileId must be a positive integer");
  await page.close();
});

it("faults are switches, which turn off when they are used up", async () => {
  const page = await openPage();
  const lost = page.getByRole("switch", { name: "Lost response" });
  await lost.click();
  await expect.poll(() => lost.getAttribute("aria-checked")).toBe("true");
  await buttonIn(page, "Print").first().click();
  await expect.poll(() => page.locator("#message").textContent()).toContain("no response. It may be printing");
  await expect.poll(() => lost.getAttribute("aria-checked")).toBe("false");
  expect((await sandbox.control("GET", `/cards/${card.cardToken}`)).body.production.status).toBe("IN_PROGRESS");
  await page.getByLabel("How often").selectOption("all of them");
  const busy = page.getByRole("switch", { name: "503 Service Unavailable" });
  await busy.click();
  await buttonIn(page, "Print").first().click();
  await expect.poll(() => page.locator("#message").textContent()).toMatch(/: 503$/);
  expect(await busy.getAttribute("aria-checked")).toBe("true");
  await busy.click();
  await expect.poll(async () => (await sandbox.control("GET", "/faults")).body).toEqual([]);
  await page.close();
});

it("read lag and the automatic kiosk are switches, and the clock advances", async () => {
  const page = await openPage();
  await page.getByRole("switch", { name: "Read lag" }).click();
  await page.getByRole("switch", { name: "Automatic kiosk" }).click();
  const settings = async () => (await sandbox.control("GET", "/settings")).body;
  await expect.poll(settings).toMatchObject({ readLagMs: 5000, auto: true });
  await buttonIn(page, "Print").first().click();
  await expect.poll(() => lane(page, "In progress").textContent()).toContain("Reads still show READY.");
  await buttonIn(page, "+1 minute").click();
  await expect.poll(() => lane(page, "Produced").textContent()).not.toContain("Reads still show");
  await buttonIn(page, "Reset everything").click();
  await expect.poll(() => lane(page, "Ready").getByRole("listitem").count()).toBe(3);
  await expect.poll(settings).toMatchObject({ readLagMs: 0, auto: false });
  await page.close();
});

it("deliveries show the receiver's response, and are held, released and redelivered", async () => {
  await using receiver = await startHttpServer(reply(202));
  const page = await openPage();
  const deliveries = page.getByRole("list", { name: "Webhooks" }).getByRole("listitem");
  await page.getByLabel("Receiver").fill(receiver.url);
  await buttonIn(page, "Save").click();
  await expect.poll(() => page.locator("#message").textContent()).toContain("Webhooks go to");
  await buttonIn(page, "Print").first().click();
  await expect.poll(() => deliveries.first().textContent()).toMatch(/IN_PROGRESS202 in \d+ ms/);
  await page.getByRole("switch", { name: "Hold back" }).click();
  await buttonIn(page, "Jam").click();
  await expect.poll(() => deliveries.first().textContent()).toContain("held back");
  await buttonIn(page, "Print again").click();
  await buttonIn(page, "Release the newest first").click();
  await expect.poll(() => receiver.requests.length).toBe(3);
  await page.getByRole("button", { name: /^Redeliver PRODUCTION_ERROR/ }).click();
  await expect.poll(() => receiver.requests.length).toBe(4);
  const ids = receiver.requests.map(({ headers }) => headers["x-delivery-id"]);
  expect(ids[3]).toBe(ids[2]);
  await page.close();
});

it("requests of other programs appear with their response, and so does what they do", async () => {
  const page = await openPage();
  await page.getByText("Live").waitFor();
  await sandbox.print(other);
  const requests = page.getByRole("list", { name: "Requests" }).getByRole("listitem");
  await expect.poll(() => requests.first().textContent()).toMatch(/produceCard200.*took effect/);
  await expect.poll(() => lane(page, "In progress").getByRole("listitem").count()).toBe(1);
  await page.close();
});

/** What some programs take for the end of a line, as pasted from a document. */
const SEPARATORS = "\u2028a\u2029b\u0085c\u000bd";

it.each<[string, () => Promise<unknown>]>([
  ["a kiosk id that a backend sends", () => sandbox.print(other, `WIS00001${SEPARATORS}`)],
  ["the token of a card", () => sandbox.control("POST", "/cards", { cardToken: `card${SEPARATORS}` })],
  [
    "a code",
    async () => {
      await sandbox.control("POST", `/cards/${other.cardToken}/produce`);
      await sandbox.control("POST", `/cards/${other.cardToken}/fail`, { errorCode: `PRD_NEW${SEPARATORS}` });
    },
  ],
  [
    "the body and a header of a fault",
    () =>
      sandbox.control("POST", "/faults", {
        fault: { httpStatus: 500, headers: { "x-next": "a\u0085b" }, body: { message: SEPARATORS } },
      }),
  ],
  ["a webhook URL", () => sandbox.control("PATCH", "/settings", { webhookUrl: `http://127.0.0.1:9/${SEPARATORS}` })],
])("line separators in %s do not stop the page, nor readers of the event stream", async (_, change) => {
  const page = await openPage();
  await page.getByText("Live").waitFor();
  await change();
  await sandbox.control("POST", `/cards/${card.cardToken}/produce`);
  const printing = lane(page, "In progress").getByRole("listitem").filter({ hasText: card.cardToken });
  await printing.waitFor();
  expect(await page.locator("#link").textContent()).toBe("Live");
  await page.close();

  const { body } = await fetch(`${sandbox.url}/_sandbox/events`);
  const reader = (body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.endsWith("\n\n")) text += (await reader.read()).value;
  await reader.cancel();
  const [first, data = "", ...rest] = text.split(/[\p{Cc}\p{Zl}\p{Zp}]/u);
  expect([first, data.slice(0, 6), ...rest]).toEqual(["event: state", "data: ", "", ""]);
  const { cards, faults, requests, settings } = (await sandbox.control("GET", "/state")).body;
  expect(JSON.parse(data.slice(6))).toMatchObject({ cards, faults, requests, settings });
});

it("the page reads an event that contains U+2028 and other separators", async () => {
  await sandbox.control("POST", "/cards", { cardToken: `card${SEPARATORS}` });
  const { body } = await sandbox.control("GET", "/state");
  const page = await browser.newPage();
  await page.route("**/_sandbox/events", (route) =>
    route.fulfill({ contentType: "text/event-stream", body: `event: state\ndata: ${JSON.stringify(body)}\n\n` }),
  );
  await page.goto(sandbox.url);
  await expect.poll(() => lane(page, "Ready").getByRole("listitem").count()).toBe(body.cards.length);
  await page.close();
});

it("the page says that the sandbox is gone, and connects again", async () => {
  const { port } = new URL(sandbox.url);
  const page = await openPage();
  await page.getByText("Live").waitFor();
  await sandbox.stop();
  await page.getByText("Not connected").waitFor();
  await buttonIn(page, "Reset everything").click();
  await expect.poll(() => page.locator("#message").textContent()).toContain("does not respond");
  sandbox = await startSandbox({ port: Number(port) });
  await page.getByText("Live").waitFor();
  await page.close();
});

it("seven pages of one browser work, because those that are hidden keep no connection", async () => {
  const context = await browser.newContext();
  const show = (page: Page, isShown: boolean) =>
    page.evaluate(`Object.defineProperty(document, "hidden", { value: ${!isShown}, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));`);
  await context.addInitScript('Object.defineProperty(document, "hidden", { value: true, configurable: true });');
  const pages = [];
  for (let number = 0; number < 7; number += 1) {
    const page = await context.newPage();
    await page.goto(sandbox.url);
    expect(await page.locator("#link").textContent()).toBe("Connecting…");
    await show(page, true);
    await page.getByText("Live").waitFor();
    await show(page, false);
    pages.push(page);
  }
  await sandbox.control("POST", `/cards/${card.cardToken}/produce`);
  const [first] = pages as [Page, ...Page[]];
  await show(first, true);
  await expect.poll(() => lane(first, "In progress").textContent()).toContain("Kiosk WIS00001");
  await buttonIn(first, "Print").first().click();
  await expect.poll(() => first.locator("#message").textContent()).toMatch(/: 200 IN_PROGRESS$/);
  await context.close();
});

it("a page of a sandbox that is open to the network asks for the token", async () => {
  await using open = await startSandbox({ host: "0.0.0.0", token: crypto.randomUUID() });
  const page = await openPage({}, open);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Access token").fill("wrong");
  await buttonIn(dialog, "Connect").click();
  await expect.poll(() => page.locator("#link").textContent()).toBe("Not connected");
  await dialog.getByLabel("Access token").fill(open.token);
  await buttonIn(dialog, "Connect").click();
  await page.getByText("Live").waitFor();
  await buttonIn(page, "Print").first().click();
  await expect.poll(() => lane(page, "In progress").getByRole("listitem").count()).toBe(1);
  expect(await page.locator("#connect button").count()).toBe(3);
  expect(await page.locator("#connect").textContent()).toContain("the one that you entered");
  expect(await page.getByLabel("Copy Access token").count()).toBe(0);
  await page.close();
});

it("the dialog for the token stays until the sandbox accepts one, and only that one is kept", async () => {
  await using open = await startSandbox({ host: "0.0.0.0", token: crypto.randomUUID() });
  const page = await openPage({}, open);
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  for (let times = 0; times < 3; times += 1) await page.keyboard.press("Escape");
  await dialog.getByLabel("Access token").fill("tökén€");
  await buttonIn(dialog, "Connect").click();
  expect(await page.locator("#login-token:invalid").count()).toBe(1);
  await dialog.getByLabel("Access token").fill("wrong");
  await buttonIn(dialog, "Connect").click();
  await page.reload();
  await dialog.waitFor();
  expect(await page.evaluate("sessionStorage.length")).toBe(0);
  await dialog.getByLabel("Access token").fill(` ${open.token} `);
  await buttonIn(dialog, "Connect").click();
  await page.getByText("Live").waitFor();
  await page.reload();
  await page.getByText("Live").waitFor();
  await page.close();
});

it.each(["light", "dark"] as const)("an accessibility scan finds nothing in the %s scheme", async (colorScheme) => {
  const page = await openPage({ colorScheme, reducedMotion: "reduce" });
  await buttonIn(page, "Print").first().click();
  await buttonIn(page, "Jam").click();
  await buttonIn(page, "Print").first().click();
  await page.getByRole("switch", { name: "Read lag" }).click();
  await buttonIn(page, "Fail…").waitFor();
  await page.getByText("More").first().click();
  await page.getByText("Body").first().click();
  expect(await scan(page)).toEqual([]);
  await buttonIn(page, "Fail…").click();
  await page.getByRole("dialog").waitFor();
  expect(await scan(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 800 });
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
  const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
  expect(ground).toBe(colorScheme === "light" ? "rgb(244, 246, 248)" : "rgb(14, 20, 27)");
  await page.close();
});

it("the page needs nothing but the sandbox, and no other page can frame it", async () => {
  const page = await openPage();
  const hosts = new Set<string>();
  page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await page.reload();
  await page.getByText("Live").waitFor();
  expect([...hosts].filter((host) => host !== "")).toEqual([new URL(sandbox.url).host]);
  const headers = (await fetch(sandbox.url)).headers;
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; script-src 'sha256-\S+'; style-src 'sha256-\S+'; .*frame-ancestors 'none'/,
  );
  await page.close();
});

it("the policy of the page has a hash for each script and style, and nothing that allows others", () => {
  const policy = contentSecurityPolicy("<style>a</style><script>b</script><script>c</script>");
  expect(policy.match(/'sha256-[\w+/]{43}='/g)).toHaveLength(3);
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});
