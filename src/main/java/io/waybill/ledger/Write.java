package io.waybill.ledger;

import java.util.List;

/**
 * What one order writes at one moment: all of it or nothing.
 *
 * @param key sorts the writes of a group, so that two nodes never wait for each other crosswise
 * @param guard changes exactly one row if the order is still as the writer knows it, else none
 * @param effects written only if the guard changed its row
 */
record Write(String key, Sql guard, List<Sql> effects) {}
