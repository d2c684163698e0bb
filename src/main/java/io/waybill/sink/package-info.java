/**
 * Where the answers of carriers go: label files, rows of tracking and billing, dead letters.
 *
 * <p>Each sink is idempotent: running it again with the same input changes nothing.
 */
package io.waybill.sink;
