/**
 * Kills of real processes: {@code bin/waybill run} is a child that dies by SIGKILL at chosen and at random points, the
 * simulated carriers are another child that keeps its own ledger on the disk and lives on.
 */
package io.waybill.crash;
