package io.waybill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.StringWriter;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code waybill report}: what was charged and given back, as CSV (RFC 4180). */
@Command(
        name = "report",
        description = {
            "Prints the charges and refunds of a period as CSV, one row for each account, carrier and currency.",
            "charges: without estimates; open: how many of them are not final yet; net: charges less refunds."
        },
        footer = {
            "",
            "Examples:",
            "  waybill report",
            "  waybill report --from 2026-11-01 --to 2026-12-01 --for-sheets > november.csv"
        })
final class ReportCommand implements Callable<Integer> {

    private static final String[] COLUMNS = {
        "account", "carrier", "currency", "orders", "charges", "estimates", "refunds", "net", "open"
    };
    private static final String FORMULA = "=+-@\t\r\n";

    @ParentCommand
    private Waybill waybill;

    @Spec
    private CommandSpec command;

    @Option(
            names = "--from",
            paramLabel = "DAY",
            converter = Day.class,
            description = "the first day, UTC; that of this month if not given")
    private LocalDate from;

    @Option(
            names = "--to",
            paramLabel = "DAY",
            converter = Day.class,
            description = "the day behind the last one; tomorrow if not given")
    private LocalDate to;

    @Option(
            names = "--for-sheets",
            description = "puts a ' before a cell that a spreadsheet would take for a formula; it changes that value")
    private boolean forSheets;

    /** A day as people are told to write it. */
    static final class Day implements ITypeConverter<LocalDate> {

        @Override
        public LocalDate convert(String text) {
            try {
                return LocalDate.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException("expected a day such as 2026-11-01, was '" + text + "'");
            }
        }
    }

    @Override
    public Integer call() throws Exception {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        LocalDate first = from == null ? today.withDayOfMonth(1) : from;
        LocalDate last = to == null ? today.plusDays(1) : to;
        if (!first.isBefore(last)) {
            throw new ParameterException(
                    command.commandLine(),
                    "the period from " + first + " to " + last + " has no day; --to is behind the last one");
        }
        JsonNode rows = waybill.engine().operation("report", first + "T00:00:00Z", last + "T00:00:00Z");
        StringWriter csv = new StringWriter();
        CSVFormat format = CSVFormat.RFC4180.builder().setHeader(COLUMNS).get();
        try (CSVPrinter printer = new CSVPrinter(csv, format)) {
            for (JsonNode row : rows) {
                printer.printRecord(cells(row));
            }
        }
        System.out.print(csv);
        return 0;
    }

    private List<String> cells(JsonNode row) {
        return Arrays.stream(COLUMNS)
                .map(column -> row.path(column).asText())
                .map(cell -> forSheets ? neutral(cell) : cell)
                .toList();
    }

    /** A number below zero is a number. */
    static String neutral(String cell) {
        boolean formula =
                !cell.isEmpty() && FORMULA.indexOf(cell.charAt(0)) >= 0 && !cell.matches("-[0-9]+(\\.[0-9]+)?");
        return formula ? "'" + cell : cell;
    }
}
