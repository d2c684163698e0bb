package io.waybill.jmh;

import java.util.Arrays;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link MappingBench} and prints how many times what it costs by hand the declared mapping costs.
 *
 * <ol>
 *   <li>A round measures both, one after the other, each in a process of its own; every other round begins with the other one.
 *   <li>Of a process counts the time that one order in twenty keeps, since what else runs on the machine changes it least.
 *   <li>What is told at last is the median over the rounds of the ratio of the two.
 * </ol>
 */
public final class MappingRatio {

    private static final String DECLARED = "declared";
    private static final String BY_HAND = "byHand";

    private MappingRatio() {}

    public static void main(String[] arguments) throws RunnerException {
        double[] ratios = new double[Integer.getInteger("jmh.rounds", 5)];
        for (int round = 0; round < ratios.length; round++) {
            boolean turned = round % 2 == 1;
            double first = measured(turned ? DECLARED : BY_HAND);
            double second = measured(turned ? BY_HAND : DECLARED);
            double declared = turned ? first : second;
            double byHand = turned ? second : first;
            ratios[round] = declared / byHand;
            System.out.printf(
                    "declared %.1f us, by hand %.1f us an order: %.2f times%n", declared, byHand, ratios[round]);
        }
        Arrays.sort(ratios);
        System.out.printf(
                "the median of %d rounds is %.2f times, from %.2f to %.2f (goal: at most 2.5)%n",
                ratios.length, ratios[ratios.length / 2], ratios[0], ratios[ratios.length - 1]);
    }

    /** Microseconds. */
    private static double measured(String benchmark) throws RunnerException {
        return new Runner(new OptionsBuilder()
                        .include(MappingBench.class.getName() + "." + benchmark)
                        .verbosity(VerboseMode.valueOf(System.getProperty("jmh.verbosity", "SILENT")))
                        .build())
                .runSingle()
                .getPrimaryResult()
                .getStatistics()
                .getPercentile(5);
    }
}
