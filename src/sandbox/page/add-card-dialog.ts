import { byId } from "./element.js";
import type { PageContext } from "./page-context.js";

/** Lets a person add a card. */
export function startAddCardDialog(page: PageContext): void {
  const dialog = byId<HTMLDialogElement>("add");
  const form = byId<HTMLFormElement>("add-form");
  byId("add-open").addEventListener("click", () => {
    form.reset();
    byId<HTMLInputElement>("add-profile").value = page.state?.cards[0]?.profileId ?? "123456";
    dialog.showModal();
  });
  byId("add-cancel").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = new FormData(form);
    const cardToken = String(values.get("cardToken")).trim();
    const body = {
      profileId: String(values.get("profileId")).trim(),
      ready: values.has("ready"),
      ...(cardToken === "" ? {} : { cardToken }),
    };
    if (await page.change("POST", "/cards", body)) dialog.close();
  });
}
