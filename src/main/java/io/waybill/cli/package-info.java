/** The command line: one class per command, and {@link io.waybill.cli.Engine}, which puts the parts together. */
package io.waybill.cli;
