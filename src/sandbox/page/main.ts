import type { ErrorCodeView, StateView } from "../view/view-schemas.js";
import { startAddCardDialog } from "./add-card-dialog.js";
import { Board } from "./board.js";
import { Connection } from "./connection.js";
import { DeliveryPanel } from "./delivery-panel.js";
import { byId } from "./element.js";
import { FailDialog } from "./fail-dialog.js";
import { FaultPanel } from "./fault-panel.js";
import { HeaderPanel } from "./header-panel.js";
import { PageContext } from "./page-context.js";
import { RequestPanel } from "./request-panel.js";

/** The wait before the page connects again. */
const RECONNECT_MS = 1000;

const UNAUTHORIZED = 401;

const connection = new Connection();
const page = new PageContext(connection);
const board = new Board(page, new FailDialog(page));
const header = new HeaderPanel(page);
const panels = [new FaultPanel(page), new DeliveryPanel(page), new RequestPanel()];
startAddCardDialog(page);

function show(state: StateView): void {
  page.state = state;
  setLink("Live", true);
  header.show(state, page);
  board.show(state.cards);
  for (const panel of panels) panel.show(state);
}

function setLink(text: string, isLive: boolean): void {
  const link = byId("link");
  if (link.textContent !== text) link.textContent = text;
  link.classList.toggle("live", isLive);
}

async function loadCodes(): Promise<void> {
  if (page.codes.length > 0) return;
  const { ok, body } = await connection.control("GET", "/error-codes");
  if (ok) page.codes = (body as ErrorCodeView[]).filter(({ kind }) => kind === "production");
}

/** Resolves when a person has entered a token. The dialog stays until then, because nothing else on the page would ask again. */
function enteredToken(): Promise<void> {
  const dialog = byId<HTMLDialogElement>("login");
  const entering = new AbortController();
  const { signal } = entering;
  dialog.addEventListener("cancel", (event) => event.preventDefault(), { signal });
  // Browsers close a dialog at the second Escape, whatever the page says.
  dialog.addEventListener("close", () => dialog.showModal(), { signal });
  dialog.showModal();
  return new Promise((resolve) => {
    byId("login-form").addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        entering.abort();
        connection.useToken(byId<HTMLInputElement>("login-token").value.trim());
        dialog.close();
        resolve();
      },
      { signal },
    );
  });
}

/** Follows the state while the page is shown. Hidden pages leave it: all pages of a browser share six connections to a host. */
async function stayConnected(): Promise<never> {
  for (;;) {
    while (document.hidden) {
      await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true }));
    }
    const hiding = new AbortController();
    const { signal } = hiding;
    document.addEventListener("visibilitychange", () => hiding.abort(), { signal });
    const status = await loadCodes()
      .then(() => connection.follow(show, signal))
      .catch(() => undefined);
    if (signal.aborted) continue;
    hiding.abort();
    setLink("Not connected", false);
    if (status === UNAUTHORIZED) await enteredToken();
    else await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS));
  }
}

void stayConnected();
