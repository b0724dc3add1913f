import type { CardView, ErrorCodeView } from "../view/view-schemas.js";
import { byId, type Child, element } from "./element.js";
import type { PageContext } from "./page-context.js";
import { COMPONENTS, NEXT_STEPS, shortToken } from "./words.js";

/** The value of the choice that sends no code. */
const NO_CODE = "";

const NO_CODE_MEANING = "Wise sends no code. An uncollected card looks like this.";

/** Lets a person choose the code with which a kiosk fails. */
export class FailDialog {
  readonly #page: PageContext;
  readonly #dialog = byId<HTMLDialogElement>("fail");
  readonly #filter = byId<HTMLInputElement>("fail-filter");
  readonly #choices = byId("fail-choices");
  #card: CardView | undefined;

  constructor(page: PageContext) {
    this.#page = page;
    this.#filter.addEventListener("input", () => this.#applyFilter());
    byId("fail-cancel").addEventListener("click", () => this.#dialog.close());
    byId("fail-form").addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  open(card: CardView): void {
    this.#card = card;
    byId("fail-title").textContent = `Fail the print of ${shortToken(card.cardToken)}`;
    this.#filter.value = "";
    this.#choices.replaceChildren(...this.#groups());
    this.#applyFilter();
    this.#dialog.showModal();
  }

  async #submit(): Promise<void> {
    const code = new FormData(byId<HTMLFormElement>("fail-form")).get("code");
    if (this.#card === undefined || code === null) return;
    const errorCode = code === NO_CODE ? null : String(code);
    if (await this.#page.changeCard(this.#card, "fail", { errorCode })) this.#dialog.close();
  }

  /** Returns the codes as one group for each part of the kiosk. */
  #groups(): HTMLElement[] {
    const { codes } = this.#page;
    const components = [...new Set(codes.map(({ component }) => component))];
    const groups = components.map((component) =>
      element(
        "fieldset",
        {},
        element("legend", {}, COMPONENTS[component] ?? component),
        ...codes.filter((code) => code.component === component).map(codeChoice),
      ),
    );
    const without = choice(NO_CODE, "No code", element("span", {}, NO_CODE_MEANING), leftInside(true));
    return [element("fieldset", {}, element("legend", {}, "Not collected"), without), ...groups];
  }

  #applyFilter(): void {
    const wanted = this.#filter.value.trim().toLowerCase();
    for (const group of this.#choices.querySelectorAll("fieldset")) {
      const labels = [...group.querySelectorAll("label")];
      for (const label of labels) label.hidden = !label.textContent.toLowerCase().includes(wanted);
      group.hidden = labels.every(({ hidden }) => hidden);
    }
    const visible = [...this.#choices.querySelectorAll("label")].filter(({ hidden }) => !hidden);
    const checked = this.#choices.querySelector("input:checked");
    if (checked?.closest("label")?.hidden ?? true) {
      const first = visible[0]?.querySelector("input");
      if (first) first.checked = true;
    }
    byId("fail-count").textContent = visible.length === 1 ? "1 choice" : `${visible.length} choices`;
  }
}

function codeChoice({ code, meaning, nextStep, mayLeaveCard }: ErrorCodeView): HTMLElement {
  const next = element("span", { class: "next" }, NEXT_STEPS[nextStep] ?? nextStep);
  return choice(code, code, element("span", {}, meaning), next, leftInside(mayLeaveCard));
}

function leftInside(mayLeaveCard: boolean): Child {
  return mayLeaveCard ? element("span", { class: "left" }, "A card may be left inside.") : undefined;
}

function choice(value: string, name: string, ...details: readonly Child[]): HTMLElement {
  const radio = element("input", { type: "radio", name: "code", value });
  return element("label", { class: "choice" }, radio, element("span", { class: "code" }, name), ...details);
}
