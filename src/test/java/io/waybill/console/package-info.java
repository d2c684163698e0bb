/** The console as a person uses it: a real browser, a running Waybill, nothing between them. */
package io.waybill.console;
