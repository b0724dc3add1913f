import { element } from "./element.js";

/** Creates a switch. What it shows comes from the state of the sandbox, so that it never claims what is not so. */
export function switchButton(
  title: string,
  explanation: string,
  onToggle: (on: boolean) => unknown,
): { readonly element: HTMLButtonElement; show(on: boolean): void } {
  const created = element(
    "button",
    { type: "button", role: "switch", "aria-checked": "false", class: "switch" },
    element("span", { class: "track", "aria-hidden": "true" }),
    element("span", { class: "title" }, title),
    element("span", { class: "explanation" }, explanation),
  );
  const isOn = () => created.getAttribute("aria-checked") === "true";
  created.addEventListener("click", () => onToggle(!isOn()));
  return { element: created, show: (on) => created.setAttribute("aria-checked", String(on)) };
}
