import { expect, it } from "vitest";
import { pageModule } from "../support/sandbox-page.js";

it("src/sandbox/page-html.ts is what src/sandbox/page is bundled into", async () => {
  await expect(await pageModule()).toMatchFileSnapshot("../../src/sandbox/page-html.ts");
});
