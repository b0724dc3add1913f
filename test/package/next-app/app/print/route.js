import { WiseKioskClient } from "wise-card-kiosk";

const card = { profileId: 123456, cardToken: "ca0c" };

/** Prints a card over the connection that the body describes. */
export async function POST(request) {
  const kiosk = new WiseKioskClient({ token: "a-token-of-visible-ascii-0123456789", ...(await request.json()) });
  try {
    return Response.json(await kiosk.produceCard({ ...card, kioskId: "WIS00001" }));
  } finally {
    await kiosk.close();
  }
}
