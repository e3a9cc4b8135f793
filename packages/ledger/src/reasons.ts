import ofOrders from '@comity/protocol/registries/order-reasons.json' with { type: 'json' };
import ofReports from '@comity/protocol/registries/report-reasons.json' with { type: 'json' };

/** The reasons that an order may be given with (protocol/registries/order-reasons.json), and what each says. */
export const ORDER_REASONS: ReadonlyMap<string, string> = new Map(Object.entries(ofOrders.reasons));

/** The reasons for which an order may be refused (protocol/registries/report-reasons.json), and what each says. */
export const REPORT_REASONS: ReadonlyMap<string, string> = new Map(Object.entries(ofReports.reasons));
