package io.waybill.cli;

import io.waybill.sink.DeadLetter;
import java.util.Iterator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The causes that an order or an input may die of, for help and completion. */
final class Causes implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
        return DeadLetter.CAUSES.iterator();
    }

    /** Where nothing died of a cause, it may be misspelt: then that is said, with those that there are. */
    static void known(CommandSpec command, String cause) {
        if (!DeadLetter.CAUSES.contains(cause)) {
            throw new ParameterException(
                    command.commandLine(),
                    "there is no cause '" + cause.replaceAll("\\p{C}", "?") + "'; expected one of "
                            + String.join(", ", DeadLetter.CAUSES));
        }
    }
}
