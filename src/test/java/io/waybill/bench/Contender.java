package io.waybill.bench;

import java.nio.file.Path;

/** Takes the order files of a folder and ships them. */
interface Contender extends AutoCloseable {

    /** Where order files are dropped; on the same file system as everything else. */
    Path inbox();

    /** Blocks until so many more orders are shipped, all that they brought being durable. */
    void ship(int orders) throws Exception;

    /** How many orders it knows. */
    long known() throws Exception;

    @Override
    void close();
}
