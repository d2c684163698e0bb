/**
 * What an operator sees without asking: health and metrics.
 *
 * <p>Both tell what the last look at the ledger saw. Whoever asks for them waits for nobody: what may hang is asked by a thread
 * of its own.
 */
package io.waybill.watch;
