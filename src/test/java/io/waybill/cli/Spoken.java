package io.waybill.cli;

import io.waybill.testing.RunningWaybill;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A command as somebody typed it.
 *
 * @param said what it printed, on either stream
 * @param code its exit code
 */
record Spoken(String said, int code) {

    static Spoken by(Path work, RunningWaybill waybill, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add(1, "-Dwaybill.work=" + work);
        all.add(2, "-Dwaybill.management.port=" + waybill.engine().managementPort());
        return by(all);
    }

    /** A command that needs no running engine. */
    static Spoken by(List<String> arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            int code = Waybill.execute(
                    new PrintWriter(said, true, StandardCharsets.UTF_8), arguments.toArray(String[]::new));
            return new Spoken(said.toString(StandardCharsets.UTF_8), code);
        } finally {
            System.setOut(before);
        }
    }
}
