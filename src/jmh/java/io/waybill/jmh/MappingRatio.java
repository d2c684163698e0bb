package io.waybill.jmh;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link MappingBench} and prints how many times what it costs by hand the declared mapping costs. */
public final class MappingRatio {

    private MappingRatio() {}

    public static void main(String[] arguments) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(MappingBench.class.getName())
                        .verbosity(VerboseMode.valueOf(System.getProperty("jmh.verbosity", "SILENT")))
                        .build())
                .run();
        double declared = score(results, "declared");
        double byHand = score(results, "byHand");
        System.out.printf(
                "declared %.1f us, by hand %.1f us an order: %.2f times (goal: at most 2.5)%n",
                declared, byHand, declared / byHand);
    }

    private static double score(Collection<RunResult> results, String name) {
        return results.stream()
                .map(RunResult::getPrimaryResult)
                .filter(result -> result.getLabel().equals(name))
                .findFirst()
                .orElseThrow()
                .getStatistics()
                .getPercentile(5);
    }
}
