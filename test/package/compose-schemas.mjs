// A program that composes the schemas of the package with those of its user. Its argument is the API of zod that the user has.
import { productionErrorCodeSchema, productionSchema } from "wise-card-kiosk/schemas";

const z = await import(process.argv[2]);

const auditRecordSchema = z.object({
  clerk: z.string(),
  production: productionSchema,
  code: z.nullable(z.union([productionErrorCodeSchema, z.string()])),
  history: z.array(productionSchema),
});

const decoded = auditRecordSchema.parse({
  clerk: "17",
  production: { status: "PAUSED" },
  code: "PRD_HOPPER_JAM",
  history: [{ status: "PAUSED", unknown: true }],
});
const { error } = auditRecordSchema.safeParse({
  clerk: "17",
  production: { status: "READY", kioskId: 7 },
  code: 7,
  history: [],
});
console.log(
  JSON.stringify({
    decoded,
    encoded: z.encode(auditRecordSchema, decoded),
    refused: error.issues.map(({ path }) => path.join(".")),
    messages: error.issues.map(({ message }) => message),
  }),
);
