import * as z from "zod";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "../production/error-codes.js";

/** The request error codes that this version knows. Closed: for what may arrive from Wise, fall back to a plain string. */
export const requestErrorCodeSchema = z.enum(REQUEST_ERROR_CODES);

/** The production error codes that this version knows. Closed: for what may arrive from Wise, fall back to a plain string. */
export const productionErrorCodeSchema = z.enum(PRODUCTION_ERROR_CODES);
