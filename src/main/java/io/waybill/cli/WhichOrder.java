package io.waybill.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The order that a command is about. */
final class WhichOrder {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(paramLabel = "ORDER", arity = "0..1", description = "the order_id")
    String id;

    @Option(names = "--account", defaultValue = "default", description = "whose order it is")
    String account;

    @Option(names = "--reissue", defaultValue = "0", description = "which reissue of the order")
    int reissue;

    /** The id, for a command that cannot do without. */
    String needed() {
        if (id == null) {
            throw new ParameterException(command.commandLine(), "an ORDER is needed");
        }
        return id;
    }
}
