package io.waybill.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The order that a command is about. */
final class WhichOrder {

    @Parameters(paramLabel = "ORDER", arity = "0..1", description = "the order_id")
    String id;

    @Option(names = "--account", defaultValue = "default", description = "whose order it is")
    String account;

    @Option(names = "--reissue", defaultValue = "0", description = "which reissue of the order")
    int reissue;

    /** The id, for a command that cannot do without. */
    String needed() {
        if (id == null) {
            throw new IllegalArgumentException("an ORDER is needed");
        }
        return id;
    }
}
