/**
 * The way of an order as Camel sees it: the beans that the route files in {@code routes/} name, the {@code mapping:}
 * component, the ledger as idempotent repository. Outside this package and the management port nobody knows Camel.
 */
package io.waybill.route;
