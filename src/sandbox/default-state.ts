/** The kiosks of a sandbox that was started without any. */
export const DEFAULT_KIOSKS = ["WIS00001", "WIS00002"] as const;

/** The cards of a sandbox that was started without any. All of them are `READY`. */
export const DEFAULT_CARDS = [
  { profileId: "123456", cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" },
  { profileId: "123456", cardToken: "35050a4a-9521-426e-8109-1396e3687a3e" },
  { profileId: "654321", cardToken: "7f5d2c1e-60b4-4b8f-9d0a-3c2e8a51f6d7" },
] as const;

/** How long a kiosk takes for a card, so that a person sees it happen. */
export const DEFAULT_PRODUCTION_DELAY_MS = 2000;
