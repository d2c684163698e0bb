package io.waybill.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code waybill completion}: what makes a shell complete our commands and options. */
@Command(
        name = "completion",
        description = "Prints a script that makes bash or zsh complete the commands and options.",
        footer = {
            "",
            "Examples:",
            "  source <(waybill completion)",
            "  waybill completion > /etc/bash_completion.d/waybill"
        })
final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        System.out.print(AutoComplete.bash("waybill", command.root().commandLine()));
        return 0;
    }
}
